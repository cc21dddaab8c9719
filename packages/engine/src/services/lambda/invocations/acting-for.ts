import { type Cause, serviceCaller } from '../../../kernel/caller.ts';
import type { Context } from '../../../kernel/context.ts';
import { serviceFacts } from '../../../kernel/service-names.ts';

/** Lambda acting for the function, with the cause of the call. */
export const actingFor = (context: Context, { arn }: { readonly arn: string }, cause: Cause): Context =>
  context.as({ ...serviceCaller(context.scope.account, serviceFacts.lambda.principal, arn), cause });
