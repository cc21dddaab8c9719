import { resource } from '../../../cloudformation/resource-handler.ts';
import { validationError } from '../errors.ts';
import { macros } from '../macros/model.ts';

interface Props {
  readonly Name: string;
  readonly FunctionName: string;
  readonly Description?: string;
}

/** AWS::CloudFormation::Macro: a name by which templates call a function that rewrites them. */
export const macro = resource<Props>({
  create({ Name, FunctionName, Description }, context) {
    const table = context.store.table(macros);
    if (table.get(Name)) throw validationError(`Macro ${Name} already exists`);
    table.put(Name, { name: Name, functionName: FunctionName, ...(Description ? { description: Description } : {}) });
    return { id: Name };
  },
  update(id, { FunctionName, Description }, _previous, context) {
    context.store
      .table(macros)
      .put(id, { name: id, functionName: FunctionName, ...(Description ? { description: Description } : {}) });
    return undefined;
  },
  delete: (id, _properties, context) => context.store.table(macros).delete(id),
});
