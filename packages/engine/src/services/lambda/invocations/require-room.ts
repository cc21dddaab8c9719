import type { Context } from '../../../kernel/context.ts';
import { throttled } from '../errors.ts';
import { type Build, environments, type FunctionRow, functions, invocations } from '../model.ts';
import { unreservedConcurrency } from '../operations/concurrency.ts';
import type { Desk } from '../ports.ts';
import { endEnvironment, findIdle } from './environment.ts';

/** Throws where the concurrency is used up that the function has for itself, or shares with the others. An idle environment of another function gives way where the machine has no room for one more. */
export function requireRoom(context: Context, desk: Desk, row: FunctionRow, build: Build): void {
  const { store } = context;
  if (row.reservedConcurrency !== undefined) {
    if (store.table(invocations).by('function', row.name).length >= row.reservedConcurrency) throw throttled(true);
  } else {
    const isReserved = (name: string) => store.table(functions).get(name)?.reservedConcurrency !== undefined;
    const busy = store.table(invocations).list(({ functionName }) => !isReserved(functionName)).length;
    if (busy >= unreservedConcurrency(context)) throw throttled(false);
  }
  if (findIdle(context, row, build) || store.table(environments).list().length < desk.functions.environments_max)
    return;
  const [oldest] = store
    .table(environments)
    .list(({ invocation }) => invocation === undefined)
    .sort((a, b) => a.lastUsedAt - b.lastUsedAt);
  if (!oldest) throw throttled(false);
  endEnvironment(context, desk, oldest);
}
