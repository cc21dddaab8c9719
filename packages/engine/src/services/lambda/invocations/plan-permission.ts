import type { Caller } from '../../../kernel/caller.ts';
import type { Statement } from '../model.ts';

/**
 * Whether a function's resource policy lets a service call it. Callers with an identity of their own in the function's account need no such policy.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
export const mayInvoke = (
  statements: readonly Statement[],
  caller: Pick<Caller, 'account' | 'arn' | 'sourceArn'>,
): boolean =>
  statements.some(
    ({ Principal, Action, Condition = {} }) =>
      isPrincipal(Principal, caller.arn) && isInvoke(Action) && holds(Condition, caller),
  );

/** Services that call functions by another name than the one they publish by. */
const principalOf: Readonly<Record<string, string>> = {
  'cloudwatch.amazonaws.com': 'lambda.alarms.cloudwatch.amazonaws.com',
};

/** A principal may also name the service of one region, `logs.eu-central-1.amazonaws.com`. */
function isPrincipal(principal: Statement['Principal'], service: string): boolean {
  if (principal === '*' || principal.Service === '*') return true;
  const named = principal.Service?.replace(/\.[a-z]{2}(-[a-z]+)+-\d\.amazonaws/, '.amazonaws');
  return named === service || named === (principalOf[service] ?? service);
}

const isInvoke = (action: string): boolean => ['lambda:invokefunction', 'lambda:*', '*'].includes(action.toLowerCase());

function holds(
  condition: NonNullable<Statement['Condition']>,
  { account, sourceArn }: Pick<Caller, 'account' | 'sourceArn'>,
): boolean {
  const facts: Record<string, string | undefined> = { 'aws:sourcearn': sourceArn, 'aws:sourceaccount': account };
  return Object.entries(condition).every(([operator, wanted]) =>
    Object.entries(wanted).every(([key, pattern]) => {
      const fact = facts[key.toLowerCase()];
      if (fact === undefined) return false;
      return operator === 'StringEquals' ? fact === pattern : matchesArn(pattern, fact);
    }),
  );
}

/** `*` and `?` within the parts of an ARN; the last part takes the rest. */
export function matchesArn(pattern: string, arn: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(arn);
}
