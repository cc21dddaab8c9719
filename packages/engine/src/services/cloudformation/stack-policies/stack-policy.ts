import type { Context } from '../../../kernel/context.ts';
import { listOf, type PolicyText, type StatementText } from '../../../policy/document.ts';
import { validationError } from '../errors.ts';
import { type ResourceRow, stackPolicies } from '../model.ts';
import type { Ports } from '../ports.ts';
import { readObjectOf } from '../read-template-body.ts';
import type { StackWork } from '../stack-work.ts';
import { judgeUpdate, type UpdateDeed } from './judge-update.ts';

const length_max = 16_384;
const actions = ['Update:Modify', 'Update:Replace', 'Update:Delete', 'Update:*'];

interface Given {
  readonly body?: string | undefined;
  readonly url?: string | undefined;
}

/** The text of a policy given inline or by the URL of an S3 object; undefined where neither is given. One that could not be meant is refused. */
export function stackPolicyOf(context: Context, ports: Ports, { body, url }: Given): string | undefined {
  if (body !== undefined && url !== undefined)
    throw validationError('You cannot specify both StackPolicyURL and StackPolicyBody');
  const text = url === undefined ? body : readObjectOf(context, ports, url, 'StackPolicyURL');
  if (text !== undefined) check(text);
  return text;
}

function check(text: string): void {
  if (text.length > length_max)
    throw validationError(
      `1 validation error detected: Value at 'stackPolicyBody' failed to satisfy constraint: Member must have length less than or equal to ${length_max}`,
    );
  const statements = listOf(parse(text).Statement);
  if (statements.length === 0 || !statements.every(isMeant)) throw invalid();
}

const invalid = () => validationError('Error validating stack policy: Invalid stack policy');

function parse(text: string): PolicyText {
  try {
    const parsed = JSON.parse(text) as PolicyText | null;
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch {
    // Refused like what is JSON and no policy.
  }
  throw invalid();
}

/** A stack policy is for everybody, and speaks of updates alone. */
function isMeant({ Effect, Action, NotAction, Principal, Resource, NotResource }: StatementText): boolean {
  const named = listOf(Action ?? NotAction);
  return (
    (Effect === 'Allow' || Effect === 'Deny') &&
    Principal === '*' &&
    named.length > 0 &&
    named.every((action) => actions.includes(action)) &&
    listOf(Resource ?? NotResource).every((one) => one === '*' || one.startsWith('LogicalResourceId/')) &&
    listOf(Resource ?? NotResource).length > 0
  );
}

/** In place of the policy that the stack has; without one that stays. */
export function keepStackPolicy({ store }: Context, stackId: string, document: string | undefined): void {
  if (document !== undefined) store.table(stackPolicies).put(stackId, { document });
}

/** Why the policy that counts for the running update is against it. Policies count in updates alone. */
export function refusedByPolicy(
  { context, stack, progress }: Pick<StackWork, 'context' | 'stack' | 'progress'>,
  action: UpdateDeed['action'],
  { logicalId, type }: Pick<ResourceRow, 'logicalId' | 'type'>,
): string | undefined {
  const document = progress.policyDuringUpdate ?? context.store.table(stackPolicies).get(stack.StackId)?.document;
  if (document === undefined || stack.StackStatus !== 'UPDATE_IN_PROGRESS') return undefined;
  return judgeUpdate(document, { action, logicalId, type });
}
