import type * as Shapes from '@aws-sdk/client-iam';
import type { Context } from '../../../kernel/context.ts';
import { awsManagedArn, awsManagedDocument, awsManagedVersion } from '../aws-managed-policies.ts';
import { defaultVersion, tooManyVersions, unknownDocument, versionNotFound } from '../errors.ts';
import { type ManagedPolicy, type PolicyVersion, policies } from '../model.ts';
import { encodeDocument, pageOf } from '../names.ts';
import { type Op, requirePolicy } from './find-rows.ts';
import { checkDocument } from './policies.ts';

const versions_max = 5;

export const createPolicyVersion: Op<'CreatePolicyVersion'> = (input, context) => {
  const { PolicyArn, PolicyDocument: document, SetAsDefault = false } = input;
  const policy = requirePolicy(context, PolicyArn);
  checkDocument(document);
  if (policy.versions.length >= versions_max) throw tooManyVersions();
  const createdAt = new Date(context.now);
  const version = { id: `v${policy.versionsMade + 1}`, document, createdAt };
  const changed = context.store.table(policies).put(PolicyArn, {
    ...policy,
    versions: [...policy.versions, version],
    versionsMade: policy.versionsMade + 1,
    defaultVersionId: SetAsDefault ? version.id : policy.defaultVersionId,
    updatedAt: createdAt,
  });
  context.emit({
    type: 'iam/policy-changed',
    subject: PolicyArn,
    message: `the policy ${policy.name} has version ${version.id}${SetAsDefault ? ', now the default' : ''}`,
  });
  const { Document: _document, ...shape } = versionShape(changed, version);
  return { PolicyVersion: shape };
};

const versionShape = ({ defaultVersionId }: ManagedPolicy, version: PolicyVersion): Shapes.PolicyVersion => ({
  Document: encodeDocument(version.document),
  VersionId: version.id,
  IsDefaultVersion: version.id === defaultVersionId,
  CreateDate: version.createdAt,
});

function requireVersion(policy: ManagedPolicy, id: string): PolicyVersion {
  const found = policy.versions.find((version) => version.id === id);
  if (!found) throw versionNotFound(policy.arn, id);
  return found;
}

export const getPolicyVersion: Op<'GetPolicyVersion'> = ({ PolicyArn: arn, VersionId: id }, context) => {
  if (awsManagedArn.test(arn)) return { PolicyVersion: awsVersion(arn, id) };
  const policy = requirePolicy(context, arn);
  return { PolicyVersion: versionShape(policy, requireVersion(policy, id)) };
};

function awsVersion(arn: string, id: string): Shapes.PolicyVersion {
  if (id !== awsManagedVersion(arn)) throw versionNotFound(arn, id);
  const document = awsManagedDocument(arn);
  if (!document) throw unknownDocument(arn);
  return { Document: encodeDocument(document), VersionId: id, IsDefaultVersion: true };
}

export const listPolicyVersions: Op<'ListPolicyVersions'> = ({ PolicyArn: arn, ...paging }, context) => {
  if (awsManagedArn.test(arn))
    return { Versions: [{ VersionId: awsManagedVersion(arn), IsDefaultVersion: true }], IsTruncated: false };
  const policy = requirePolicy(context, arn);
  const { items, next } = pageOf(policy.versions.toReversed(), paging);
  return {
    Versions: items.map((version) => {
      const { Document: _document, ...shape } = versionShape(policy, version);
      return shape;
    }),
    ...next,
  };
};

export const deletePolicyVersion: Op<'DeletePolicyVersion'> = ({ PolicyArn, VersionId }, context) => {
  const policy = requirePolicy(context, PolicyArn);
  const version = requireVersion(policy, VersionId);
  if (version.id === policy.defaultVersionId) throw defaultVersion();
  write(context, { ...policy, versions: policy.versions.filter((each) => each !== version) });
  return {};
};

export const setDefaultPolicyVersion: Op<'SetDefaultPolicyVersion'> = ({ PolicyArn, VersionId }, context) => {
  const policy = requirePolicy(context, PolicyArn);
  write(context, { ...policy, defaultVersionId: requireVersion(policy, VersionId).id });
  return {};
};

const write = (context: Context, policy: ManagedPolicy): ManagedPolicy =>
  context.store.table(policies).put(policy.arn, { ...policy, updatedAt: new Date(context.now) });
