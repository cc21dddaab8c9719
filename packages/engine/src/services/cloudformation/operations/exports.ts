import { page } from '../../../kernel/page.ts';
import { importersOf } from '../controllers/outputs.ts';
import { invalidNextToken, validationError } from '../errors.ts';
import { exportedValues, type Handler } from '../model.ts';

const pageSize = 100;

export const listExports: Handler<'ListExports'> = ({ NextToken }, context) => {
  const all = context.store.table(exportedValues).list();
  const { items, nextToken } = page(all, { token: NextToken, size: pageSize, invalid: invalidNextToken });
  return {
    Exports: items.map(({ name, value, stackId }) => ({ Name: name, Value: value, ExportingStackId: stackId })),
    ...(nextToken ? { NextToken: nextToken } : {}),
  };
};

export const listImports: Handler<'ListImports'> = ({ ExportName, NextToken }, context) => {
  if (!context.store.table(exportedValues).get(ExportName))
    throw validationError(`Export '${ExportName}' does not exist`);
  const importers = importersOf(context, ExportName);
  if (importers.length === 0) throw validationError(`Export '${ExportName}' is not imported by any stack.`);
  const { items, nextToken } = page(importers, { token: NextToken, size: pageSize, invalid: invalidNextToken });
  return { Imports: items, ...(nextToken ? { NextToken: nextToken } : {}) };
};
