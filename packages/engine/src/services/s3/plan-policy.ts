/** A bucket's policy as its JSON says, before anything is known about it. */
export interface PolicyDocument {
  readonly Statement?: unknown;
}

/** What text says; undefined where it is no JSON object. */
export function parsePolicy(text: string): PolicyDocument | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as PolicyDocument;
  } catch {
    return undefined;
  }
}

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const statementsOf = ({ Statement: found }: PolicyDocument): readonly Statement[] =>
  (Array.isArray(found) ? found : found === undefined ? [] : [found]) as readonly Statement[];

const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);

/** Why S3 does not take a policy for a bucket; undefined where it does. */
export function policyFault(policy: PolicyDocument, bucket: string): string | undefined {
  if (policy.Statement === undefined) return 'Missing required field Statement';
  for (const one of statementsOf(policy)) {
    if (one.Effect !== 'Allow' && one.Effect !== 'Deny')
      return one.Effect === undefined ? 'Missing required field Effect' : `Invalid effect: ${one.Effect}`;
    if (one.Principal === undefined && one.NotPrincipal === undefined) return 'Missing required field Principal';
    if (typeof one.Principal === 'string' && one.Principal !== '*') return 'Invalid principal in policy';
    const actions = texts(one.Action ?? one.NotAction);
    if (actions.length === 0) return 'Missing required field Action';
    if (actions.some((action) => action !== '*' && !/^s3:/i.test(action))) return 'Policy has invalid action';
    const resources = texts(one.Resource ?? one.NotResource);
    if (resources.length === 0) return 'Missing required field Resource';
    if (resources.some((resource) => !isOf(resource, bucket))) return 'Policy has invalid resource';
  }
  return undefined;
}

/** Wildcards may stand in the bucket's name, as long as it is this bucket that they cover. */
function isOf(resource: string, bucket: string): boolean {
  const [, named = ''] = /^arn:aws[a-z-]*:s3:::([^/]+)(?:\/.*)?$/s.exec(resource) ?? [];
  const pattern = named
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return resource === '*' || (named !== '' && new RegExp(`^${pattern}$`).test(bucket));
}

/** Keys by which a policy that is for everybody is still for few (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status). */
const narrowing = new Set(
  'aws:sourcearn,aws:sourcevpc,aws:sourcevpce,aws:sourceowner,aws:sourceaccount,aws:sourceip,aws:userid,aws:principalorgid,aws:principalorgpaths,aws:principalarn,aws:principalaccount,s3:x-amz-server-side-encryption-aws-kms-key-id,s3:dataaccesspointarn,s3:dataaccesspointaccount'.split(
    ',',
  ),
);

const isForAll = (principal: unknown): boolean =>
  principal === '*' ||
  (typeof principal === 'object' &&
    principal !== null &&
    texts((principal as { readonly AWS?: unknown }).AWS).includes('*'));

/** Whether the policy lets everybody do something. */
export const isPublicPolicy = (policy: PolicyDocument): boolean =>
  statementsOf(policy).some(
    ({ Effect, Principal, NotPrincipal, Condition = {} }) =>
      Effect === 'Allow' &&
      (isForAll(Principal) || NotPrincipal !== undefined) &&
      !Object.values(Condition).some((test) =>
        Object.entries(test).some(
          ([key, value]) =>
            narrowing.has(key.toLowerCase()) && !texts(value).some((each) => /^\*$|^0\.0\.0\.0\/0$|^::\/0$/.test(each)),
        ),
      ),
  );
