import { malformedPolicy, noRotationFunction, notImplemented } from '../errors.ts';
import { putSecret, requireActive, requireSecret } from '../lookup.ts';
import type { Handler } from '../model.ts';

function checkPolicy(policy: string): void {
  try {
    const parsed: unknown = JSON.parse(policy);
    if (typeof parsed !== 'object' || parsed === null || !('Statement' in parsed)) throw malformedPolicy();
  } catch (error) {
    if (error instanceof SyntaxError) throw malformedPolicy();
    throw error;
  }
}

export const putResourcePolicy: Handler<'PutResourcePolicy'> = ({ SecretId, ResourcePolicy }, context) => {
  const secret = requireActive(context, SecretId);
  checkPolicy(ResourcePolicy);
  putSecret(context, { ...secret, policy: ResourcePolicy });
  return { ARN: secret.arn, Name: secret.name };
};

export const getResourcePolicy: Handler<'GetResourcePolicy'> = ({ SecretId }, context) => {
  const { arn, name, policy } = requireSecret(context, SecretId);
  return { ARN: arn, Name: name, ...(policy === undefined ? {} : { ResourcePolicy: policy }) };
};

export const deleteResourcePolicy: Handler<'DeleteResourcePolicy'> = ({ SecretId }, context) => {
  const { policy: _, ...secret } = requireActive(context, SecretId);
  putSecret(context, secret);
  return { ARN: secret.arn, Name: secret.name };
};

export const tagResource: Handler<'TagResource'> = ({ SecretId, Tags }, context) => {
  const secret = requireActive(context, SecretId);
  const merged = new Map([...secret.tags, ...Tags].map(({ Key, Value }) => [Key, { Key, Value }]));
  putSecret(context, { ...secret, tags: [...merged.values()] });
  return {};
};

export const untagResource: Handler<'UntagResource'> = ({ SecretId, TagKeys }, context) => {
  const secret = requireActive(context, SecretId);
  putSecret(context, { ...secret, tags: secret.tags.filter(({ Key = '' }) => !TagKeys.includes(Key)) });
  return {};
};

export const rotateSecret: Handler<'RotateSecret'> = ({ SecretId, RotationLambdaARN }, context) => {
  requireActive(context, SecretId);
  if (RotationLambdaARN === undefined) throw noRotationFunction();
  throw notImplemented('rotation by a function');
};
