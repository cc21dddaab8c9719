import type { Progress } from '../../../cloudformation/resource-handler.ts';
import { isFields, type ResourceDeclaration } from '../../../cloudformation/template/template.ts';
import { type ResourceRow, resourceKey } from '../model.ts';
import { resourceSignals } from '../signals/model.ts';
import { planSignals, type SignalPolicy, signalPolicy } from '../signals/plan-waiting.ts';
import type { StackWork } from '../stack-work.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html */
const signalled = ['AWS::AutoScaling::AutoScalingGroup', 'AWS::CloudFormation::WaitCondition', 'AWS::EC2::Instance'];
const groupType = 'AWS::AutoScaling::AutoScalingGroup';

/** The signals that a creation waits for, once its policy is resolved; a text says why there can be none. */
export function creationPolicyOf(
  { Type }: ResourceDeclaration,
  policy: unknown,
): { readonly signalPolicy?: SignalPolicy } | string {
  if (!isFields(policy) || policy['ResourceSignal'] === undefined) return {};
  if (!signalled.includes(Type))
    return `CreationPolicy with ResourceSignal is not supported for resources of type ${Type}`;
  const { ResourceSignal, AutoScalingCreationPolicy = {} } = policy;
  const group = isFields(AutoScalingCreationPolicy) ? AutoScalingCreationPolicy : {};
  const percent = Type === groupType ? (group['MinSuccessfulInstancesPercent'] ?? 100) : undefined;
  const read = signalPolicy(isFields(ResourceSignal) ? ResourceSignal : {}, percent);
  return typeof read === 'string' ? read : { signalPolicy: read };
}

/** A creation begins without signals: those of an earlier one do not count. */
export function awaitSignals({ context }: StackWork, row: ResourceRow, policy: SignalPolicy | undefined): ResourceRow {
  if (!policy) return row;
  const resource = resourceKey(row.stackId, row.logicalId);
  const table = context.store.table(resourceSignals);
  for (const { uniqueId } of table.by('resource', resource)) table.delete(`${resource}|${uniqueId}`);
  const { timeout_ms, ...rest } = policy;
  return { ...row, awaits: { ...rest, deadline: context.now + timeout_ms } };
}

/** How a resource that is there stands with its creation policy. */
export function signalProgress({ context }: StackWork, row: ResourceRow): Progress {
  const { awaits } = row;
  if (!awaits || row.state !== 'creating') return 'complete';
  const signals = context.store.table(resourceSignals).by('resource', resourceKey(row.stackId, row.logicalId));
  return planSignals(awaits, signals, { deadline: awaits.deadline, now: context.now });
}
