import type { Context } from '../../../kernel/context.ts';
import { invalidParameter } from '../errors.ts';
import { requireFunction } from '../function-name.ts';
import { functions, type Handler } from '../model.ts';

/** A new account's limit, and what AWS always leaves of it to the functions that have nothing reserved (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const account_max = 1000;
const unreserved_min = 100;

export const putFunctionConcurrency: Handler<'PutFunctionConcurrency'> = (
  { FunctionName, ReservedConcurrentExecutions: wanted },
  context,
) => {
  const row = requireFunction(context, FunctionName);
  if (wanted < 0)
    throw invalidParameter(
      `Value '${wanted}' at 'reservedConcurrentExecutions' failed to satisfy constraint: Member must have value greater than or equal to 0`,
    );
  const others = reservedConcurrency(context) - (row.reservedConcurrency ?? 0);
  if (others + wanted > account_max - unreserved_min)
    throw invalidParameter(
      `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${unreserved_min}].`,
    );
  context.store.table(functions).put(row.name, { ...row, reservedConcurrency: wanted });
  return { ReservedConcurrentExecutions: wanted };
};

const reservedConcurrency = ({ store }: Context): number =>
  store
    .table(functions)
    .list()
    .reduce((sum, row) => sum + (row.reservedConcurrency ?? 0), 0);

/** How many events may be with the functions that have nothing reserved. */
export const unreservedConcurrency = (context: Context): number => account_max - reservedConcurrency(context);

export const getFunctionConcurrency: Handler<'GetFunctionConcurrency'> = ({ FunctionName }, context) => {
  const { reservedConcurrency } = requireFunction(context, FunctionName);
  return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
};

export const deleteFunctionConcurrency: Handler<'DeleteFunctionConcurrency'> = ({ FunctionName }, context) => {
  const { reservedConcurrency: _, ...row } = requireFunction(context, FunctionName);
  context.store.table(functions).put(row.name, row);
  return {};
};

export const getAccountSettings: Handler<'GetAccountSettings'> = (_, context) => {
  const rows = context.store.table(functions).list();
  return {
    AccountLimit: {
      TotalCodeSize: 80_530_636_800,
      CodeSizeUnzipped: 262_144_000,
      CodeSizeZipped: 52_428_800,
      ConcurrentExecutions: account_max,
      UnreservedConcurrentExecutions: unreservedConcurrency(context),
    },
    AccountUsage: {
      TotalCodeSize: rows.reduce((sum, row) => sum + row.latest.configuration.CodeSize, 0),
      FunctionCount: rows.length,
    },
  };
};
