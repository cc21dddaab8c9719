import { deletionTaskNotFound, invalidArn, roleNameTaken } from '../errors.ts';
import { nameKey, type Role, roles } from '../model.ts';
import { arnOf, uniqueId } from '../names.ts';
import { type Op, requireRole } from './find-rows.ts';
import { roleShape } from './roles.ts';

/** How AWS names the roles that are not simply named after their service. */
const roleNames: Readonly<Record<string, string>> = {
  'ecs.amazonaws.com': 'ECS',
  'ecs.application-autoscaling.amazonaws.com': 'ApplicationAutoScaling_ECSService',
  'lambda.application-autoscaling.amazonaws.com': 'ApplicationAutoScaling_LambdaConcurrency',
  'elasticloadbalancing.amazonaws.com': 'ElasticLoadBalancing',
  'autoscaling.amazonaws.com': 'AutoScaling',
  'rds.amazonaws.com': 'RDS',
  'replicator.lambda.amazonaws.com': 'LambdaReplicator',
  'opensearchservice.amazonaws.com': 'AmazonOpenSearchService',
  'events.amazonaws.com': 'CloudWatchEvents',
};

export const createServiceLinkedRole: Op<'CreateServiceLinkedRole'> = (
  { AWSServiceName: principal, Description, CustomSuffix },
  context,
) => {
  const [, label] = /^([\w-]+)(?:\.[\w-]+)*\.amazonaws\.com$/.exec(principal) ?? [];
  if (!label) throw invalidArn(principal);
  const base = `AWSServiceRoleFor${roleNames[principal] ?? label.charAt(0).toUpperCase() + label.slice(1)}`;
  const name = CustomSuffix ? `${base}_${CustomSuffix}` : base;
  const rows = context.store.table(roles);
  if (rows.get(nameKey(name))) throw roleNameTaken(name);
  const path = `/aws-service-role/${principal}/`;
  const statement = { Effect: 'Allow', Principal: { Service: [principal] }, Action: ['sts:AssumeRole'] };
  const role: Role = {
    Path: path,
    RoleName: name,
    RoleId: uniqueId(context, 'AROA'),
    Arn: arnOf(context, 'role', path, name),
    CreateDate: new Date(context.now),
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    MaxSessionDuration: 3600,
    ...(Description === undefined ? {} : { Description }),
  };
  rows.put(nameKey(name), role);
  context.emit({ type: 'iam/role-created', subject: role.Arn, message: `${principal} has its role ${name}` });
  return { Role: roleShape(role) };
};

/** Deleted at once; the task is only the answer's form. */
export const deleteServiceLinkedRole: Op<'DeleteServiceLinkedRole'> = ({ RoleName }, context) => {
  const { Path, RoleName: name } = requireRole(context, RoleName);
  context.store.table(roles).delete(nameKey(name));
  return { DeletionTaskId: `task${Path}${name}/${context.ids.uuid('iam/deletion-task')}` };
};

export const getServiceLinkedRoleDeletionStatus: Op<'GetServiceLinkedRoleDeletionStatus'> = ({ DeletionTaskId }) => {
  if (!/^task\/aws-service-role\/[^/]+\/[^/]+\/[\w-]+$/.test(DeletionTaskId))
    throw deletionTaskNotFound(DeletionTaskId);
  return { Status: 'SUCCEEDED' };
};
