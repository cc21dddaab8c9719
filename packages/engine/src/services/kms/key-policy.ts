import { malformedPolicy } from './errors.ts';

/** What a key has that is made without a policy (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html). */
export const defaultPolicy = (account: string): string =>
  JSON.stringify(
    {
      Version: '2012-10-17',
      Id: 'key-default-1',
      Statement: [
        {
          Sid: 'Enable IAM User Permissions',
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: 'kms:*',
          Resource: '*',
        },
      ],
    },
    null,
    2,
  );

export function checkPolicy(policy: string): string {
  try {
    const parsed: unknown = JSON.parse(policy);
    if (typeof parsed !== 'object' || parsed === null || !('Statement' in parsed)) throw malformedPolicy();
  } catch (error) {
    if (error instanceof SyntaxError) throw malformedPolicy();
    throw error;
  }
  return policy;
}
