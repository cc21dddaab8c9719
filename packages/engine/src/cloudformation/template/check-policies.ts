import { functionName, isFields, type Template, templateError } from './template.ts';

/** What each policy may be for (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html). */
const group = ['AWS::AutoScaling::AutoScalingGroup'];
const search = ['AWS::OpenSearchService::Domain', 'AWS::Elasticsearch::Domain'];
const fleet = ['AWS::AppStream::Fleet'];
const updatePolicies: Readonly<Record<string, readonly string[]>> = {
  AutoScalingReplacingUpdate: group,
  AutoScalingRollingUpdate: group,
  AutoScalingScheduledAction: group,
  CodeDeployLambdaAliasUpdate: ['AWS::Lambda::Alias'],
  EnableVersionUpgrade: search,
  StartAfterUpdate: fleet,
  StopBeforeUpdate: fleet,
  UseOnlineResharding: ['AWS::ElastiCache::ReplicationGroup'],
};

/** The members of policies that are structures. */
const members: Readonly<Record<string, readonly string[]>> = {
  AutoScalingReplacingUpdate: ['WillReplace'],
  AutoScalingRollingUpdate: [
    'MaxBatchSize',
    'MinActiveInstancesPercent',
    'MinInstancesInService',
    'MinSuccessfulInstancesPercent',
    'PauseTime',
    'SuspendProcesses',
    'WaitOnResourceSignals',
  ],
  AutoScalingScheduledAction: ['IgnoreUnmodifiedGroupSizeProperties'],
  CodeDeployLambdaAliasUpdate: [
    'AfterAllowTrafficHook',
    'ApplicationName',
    'BeforeAllowTrafficHook',
    'DeploymentGroupName',
  ],
};

/** Checks the policies by which a resource is to be updated: those that there are, for types that have them, in their form. */
export function checkUpdatePolicies({ resources }: Template): void {
  for (const [id, { Type, UpdatePolicy }] of Object.entries(resources)) {
    if (UpdatePolicy === undefined) continue;
    if (!isFields(UpdatePolicy))
      throw templateError(`Template format error: [/Resources/${id}/UpdatePolicy] UpdatePolicy must be an object.`);
    if (functionName(UpdatePolicy) === undefined)
      for (const [name, policy] of Object.entries(UpdatePolicy)) checkPolicy(id, Type, name, policy);
  }
}

function checkPolicy(id: string, type: string, name: string, policy: unknown): void {
  const place = `[/Resources/${id}/UpdatePolicy]`;
  const types = Object.hasOwn(updatePolicies, name) ? updatePolicies[name] : undefined;
  if (!types) throw templateError(`Template format error: ${place} ${name} is not a valid UpdatePolicy attribute.`);
  if (!types.includes(type))
    throw templateError(`Template format error: ${place} ${name} is not supported for resources of type ${type}.`);
  const known = members[name];
  if (!known || (isFields(policy) && functionName(policy) !== undefined)) return;
  const unknown = Object.keys(isFields(policy) ? policy : {}).filter((key) => !known.includes(key));
  if (!isFields(policy) || unknown.length > 0)
    throw templateError(
      `Template format error: ${place} ${name} must be an object of ${known.join(', ')}${unknown.length > 0 ? `, and has ${unknown.join(', ')}` : ''}.`,
    );
}
