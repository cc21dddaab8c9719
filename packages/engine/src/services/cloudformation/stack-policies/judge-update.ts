import { listOf } from '../../../policy/document.ts';
import { type Statement, statementsOf } from '../../../policy/statements.ts';

/** What an update is about to do to a resource. */
export interface UpdateDeed {
  readonly action: 'Update:Modify' | 'Update:Replace' | 'Update:Delete';
  readonly logicalId: string;
  readonly type: string;
}

/**
 * Why a stack's policy is against it; undefined: it is not. Once there is a policy, what no statement allows is refused.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
 */
export function judgeUpdate(document: string, { action, logicalId, type }: UpdateDeed): string | undefined {
  const deed = {
    action,
    resource: `LogicalResourceId/${logicalId}`,
    principal: { account: '', arn: '' },
    keys: (name: string) => (name.toLowerCase() === 'resourcetype' ? [type] : undefined),
  };
  const statements = statementsOf(document);
  const applies = (effect: Statement['effect']) => (statement: Statement) =>
    statement.effect === effect && statement.applies(deed) !== undefined;
  const denying = statements.findIndex(applies('Deny'));
  if (denying >= 0) return denied(denying, statements[denying] as Statement);
  return statements.some(applies('Allow')) ? undefined : 'Action not allowed by stack policy';
}

function denied(index: number, { text }: Statement): string {
  const actions = listOf(text.Action ?? text.NotAction).join(', ');
  const resources = listOf(text.Resource ?? text.NotResource).join(', ');
  return `Action denied by stack policy: Statement [#${index + 1}] does not allow [${actions}] for resource [${resources}]`;
}
