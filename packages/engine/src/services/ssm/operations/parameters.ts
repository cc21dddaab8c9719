import type { Context } from '../../../kernel/context.ts';
import type { Handler, OperationName } from '../../../kernel/operation.ts';
import { parameterNotFound } from '../errors.ts';
import { latest, type Parameter, parameters } from '../model.ts';
import { arnOf, checkName, parseReference } from '../parameter-name.ts';
import { planPut } from '../plan-parameter.ts';

export type Sdk = typeof import('@aws-sdk/client-ssm');
export type Op<Name extends OperationName<Sdk>> = Handler<Sdk, Name, Context>;

export const putParameter: Op<'PutParameter'> = (input, context) => {
  const name = parseReference(input.Name).name;
  checkName(name);
  const rows = context.store.table(parameters);
  const existing = rows.get(name);
  const put = rows.put(
    name,
    planPut({ ...input, Name: name }, existing, {
      arn: arnOf(name, context.scope),
      now: new Date(context.now),
      by: context.caller.arn,
    }),
  );
  const { version, tier, type, value } = latest(put);
  context.emit({
    type: existing ? 'ssm/parameter-updated' : 'ssm/parameter-created',
    subject: put.arn,
    message: `${name} is now at version ${version}`,
    data: { name, version, type, tier, ...(type === 'SecureString' ? {} : { value }) },
  });
  return { Version: version, Tier: tier };
};

export function requireParameter(context: Context, reference: string): Parameter {
  const { name } = parseReference(reference);
  const found = context.store.table(parameters).get(name);
  if (!found) throw parameterNotFound(name);
  return found;
}

export const deleteParameter: Op<'DeleteParameter'> = ({ Name }, context) => {
  remove(requireParameter(context, Name), context);
  return {};
};

export const deleteParameters: Op<'DeleteParameters'> = ({ Names }, context) => {
  const rows = context.store.table(parameters);
  const [deleted, invalid]: [string[], string[]] = [[], []];
  for (const name of Names) {
    const found = rows.get(parseReference(name).name);
    if (found) remove(found, context);
    (found ? deleted : invalid).push(name);
  }
  return { DeletedParameters: deleted, InvalidParameters: invalid };
};

function remove({ name, arn }: Parameter, context: Context): void {
  context.store.table(parameters).delete(name);
  context.emit({ type: 'ssm/parameter-deleted', subject: arn, message: `${name} was deleted`, data: { name } });
}
