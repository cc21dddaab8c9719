import type * as Shapes from '@aws-sdk/client-iam';
import type { Context } from '../../../kernel/context.ts';
import { awsManagedArn, awsManagedNames, awsManagedVersion } from '../aws-managed-policies.ts';
import { malformedDocument, policyAttached, policyExists, policyHasVersions } from '../errors.ts';
import { attachments, groups, type ManagedPolicy, nameKey, policies, roles, users } from '../model.ts';
import { arnOf, byName, checkName, checkPath, pageOf, uniqueId } from '../names.ts';
import { documentProblem } from '../policy-document.ts';
import { nameOf } from './attachments.ts';
import { type Op, requirePolicy } from './find-rows.ts';

export const createPolicy: Op<'CreatePolicy'> = (input, context) => {
  const { PolicyName: name, PolicyDocument: document } = input;
  checkName(name, 'policyName');
  const path = checkPath(input.Path);
  checkDocument(document);
  const rows = context.store.table(policies);
  if (rows.list((policy) => nameKey(policy.name) === nameKey(name)).length > 0) throw policyExists(name);
  const createdAt = new Date(context.now);
  const arn = arnOf(context, 'policy', path, name);
  const policy = rows.put(arn, {
    name,
    arn,
    path,
    id: uniqueId(context, 'ANPA'),
    versions: [{ id: 'v1', document, createdAt }],
    defaultVersionId: 'v1',
    versionsMade: 1,
    createdAt,
    updatedAt: createdAt,
    tags: input.Tags ?? [],
    ...(input.Description === undefined ? {} : { description: input.Description }),
  });
  context.emit({ type: 'iam/policy-created', subject: arn, message: `the policy ${name} was created` });
  return { Policy: policyShape(policy, context) };
};

export function checkDocument(document: string): void {
  const problem = documentProblem(document, 'identity');
  if (problem) throw malformedDocument(problem);
}

function policyShape(policy: ManagedPolicy, context: Context): Shapes.Policy {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    ...usage(policy.arn, context),
    IsAttachable: true,
    ...(policy.description === undefined ? {} : { Description: policy.description }),
    CreateDate: policy.createdAt,
    UpdateDate: policy.updatedAt,
    ...(policy.tags.length > 0 ? { Tags: [...policy.tags] } : {}),
  };
}

/** Counted on reading, so that it cannot disagree with what is attached. */
function usage(arn: string, { store }: Context) {
  const bounded = [...store.table(roles).list(), ...store.table(users).list()].filter(
    ({ PermissionsBoundary }) => PermissionsBoundary?.PermissionsBoundaryArn === arn,
  );
  return {
    AttachmentCount: store.table(attachments).by('policy', arn).length,
    PermissionsBoundaryUsageCount: bounded.length,
  };
}

/** AWS's own policies are as old as AWS. */
const awsCreated = new Date('2015-02-06T18:40:00Z');

function awsPolicyShape(arn: string, context: Context): Shapes.Policy {
  return {
    PolicyName: nameOf(arn),
    PolicyId: `ANPA${Buffer.from(nameOf(arn)).toString('hex').toUpperCase().padEnd(17, '0').slice(-17)}`,
    Arn: arn,
    Path: arn.replace(/^.*?:policy(\/.*\/|\/).*$/, '$1'),
    DefaultVersionId: awsManagedVersion(arn),
    ...usage(arn, context),
    IsAttachable: true,
    CreateDate: awsCreated,
    UpdateDate: awsCreated,
  };
}

export const getPolicy: Op<'GetPolicy'> = ({ PolicyArn: arn }, context) => ({
  Policy: awsManagedArn.test(arn) ? awsPolicyShape(arn, context) : policyShape(requirePolicy(context, arn), context),
});

/** Of AWS's policies, those whose documents are known here and those in use. */
export const listPolicies: Op<'ListPolicies'> = (input, context) => {
  const { Scope = 'All', OnlyAttached = false, PathPrefix = '/', PolicyUsageFilter: use } = input;
  const { store } = context;
  const inUse = store.table(attachments).list(({ policyArn }) => awsManagedArn.test(policyArn));
  const awsArns = new Set([
    ...awsManagedNames().map((name) => `arn:aws:iam::aws:policy/${name}`),
    ...inUse.map(({ policyArn }) => policyArn),
  ]);
  const found = [
    ...(Scope === 'AWS'
      ? []
      : store
          .table(policies)
          .list()
          .map((policy) => policyShape(policy, context))),
    ...(Scope === 'Local' ? [] : [...awsArns].map((arn) => awsPolicyShape(arn, context))),
  ].filter(
    ({ Path = '/', AttachmentCount = 0, PermissionsBoundaryUsageCount = 0 }) =>
      Path.startsWith(PathPrefix) &&
      (!OnlyAttached || AttachmentCount > 0) &&
      (use === undefined || (use === 'PermissionsPolicy' ? AttachmentCount > 0 : PermissionsBoundaryUsageCount > 0)),
  );
  const { items, next } = pageOf(found.sort(byName(({ PolicyName = '' }) => PolicyName)), input);
  return { Policies: items.map(({ Tags: _tags, Description: _description, ...policy }) => policy), ...next };
};

export const deletePolicy: Op<'DeletePolicy'> = ({ PolicyArn }, context) => {
  const policy = requirePolicy(context, PolicyArn);
  const { AttachmentCount, PermissionsBoundaryUsageCount } = usage(PolicyArn, context);
  if (AttachmentCount + PermissionsBoundaryUsageCount > 0) throw policyAttached();
  if (policy.versions.length > 1) throw policyHasVersions();
  context.store.table(policies).delete(PolicyArn);
  context.emit({ type: 'iam/policy-deleted', subject: PolicyArn, message: `the policy ${policy.name} was deleted` });
  return {};
};

export const listEntitiesForPolicy: Op<'ListEntitiesForPolicy'> = (input, context) => {
  const { PolicyArn: arn, EntityFilter: filter, PathPrefix = '/' } = input;
  if (!awsManagedArn.test(arn)) requirePolicy(context, arn);
  const { store } = context;
  const { items, next } = pageOf(store.table(attachments).by('policy', arn), input);
  const of = (kind: string) =>
    filter === undefined || filter.toLowerCase() === kind ? items.filter((item) => item.kind === kind) : [];
  return {
    PolicyRoles: of('role').flatMap(({ name }) => {
      const { RoleName, RoleId, Path = '' } = store.table(roles).get(nameKey(name)) ?? {};
      return Path.startsWith(PathPrefix) ? [{ RoleName, RoleId }] : [];
    }),
    PolicyUsers: of('user').flatMap(({ name }) => {
      const { UserName, UserId, Path = '' } = store.table(users).get(nameKey(name)) ?? {};
      return Path.startsWith(PathPrefix) ? [{ UserName, UserId }] : [];
    }),
    PolicyGroups: of('group').flatMap(({ name }) => {
      const { GroupName, GroupId, Path = '' } = store.table(groups).get(nameKey(name)) ?? {};
      return Path.startsWith(PathPrefix) ? [{ GroupName, GroupId }] : [];
    }),
    ...next,
  };
};
