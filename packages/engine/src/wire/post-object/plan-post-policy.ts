/** What is posted, as the policy's conditions look at it. */
export interface Posted {
  readonly bucket: string;
  readonly fields: ReadonlyMap<string, string>;
  /** Bytes of the file. */
  readonly size: number;
}

/** Why a form does not fit its policy, in the words of S3. */
export interface PolicyFault {
  readonly code: 'AccessDenied' | 'EntityTooLarge' | 'EntityTooSmall' | 'InvalidPolicyDocument';
  readonly message: string;
}

const denied = (why: string): PolicyFault => ({ code: 'AccessDenied', message: `Invalid according to Policy: ${why}` });

/** Fields that no condition must name. */
const unconditional = new Set(['policy', 'x-amz-signature', 'signature', 'awsaccesskeyid', 'file']);

/** Whether a policy lets a form through (https://docs.aws.amazon.com/AmazonS3/latest/developerguide/sigv4-HTTPPOSTConstructPolicy.html). */
export function planPostPolicy(policy: unknown, posted: Posted, now: number): PolicyFault | undefined {
  const { expiration, conditions } = (policy ?? {}) as { readonly expiration?: unknown; readonly conditions?: unknown };
  const until = Date.parse(String(expiration));
  if (Number.isNaN(until) || !Array.isArray(conditions))
    return { code: 'InvalidPolicyDocument', message: 'Invalid Policy: Invalid JSON.' };
  if (until <= now) return denied('Policy expired.');
  const named = new Set<string>();
  for (const condition of conditions.flatMap(singly)) {
    const fault = judge(condition, posted, named);
    if (fault) return fault;
  }
  const extra = [...posted.fields.keys()].find(
    (name) => !named.has(name) && !unconditional.has(name) && !name.startsWith('x-ignore-'),
  );
  return extra === undefined ? undefined : denied(`Extra input fields: ${extra}`);
}

/** `{"acl": "private"}` is a shorter way to write `["eq", "$acl", "private"]`. */
const singly = (condition: unknown): unknown[][] =>
  Array.isArray(condition)
    ? [condition]
    : Object.entries((condition ?? {}) as object).map(([name, value]) => ['eq', `$${name}`, value]);

function judge(
  condition: readonly unknown[],
  { bucket, fields, size }: Posted,
  named: Set<string>,
): PolicyFault | undefined {
  const [operator, subject, value] = condition;
  if (operator === 'content-length-range') {
    if (size < Number(subject))
      return { code: 'EntityTooSmall', message: 'Your proposed upload is smaller than the minimum allowed size' };
    return size > Number(value)
      ? { code: 'EntityTooLarge', message: 'Your proposed upload exceeds the maximum allowed size' }
      : undefined;
  }
  const name = String(subject).replace(/^\$/, '').toLowerCase();
  named.add(name);
  const given = name === 'bucket' ? bucket : fields.get(name);
  const holds =
    given !== undefined &&
    (operator === 'starts-with' ? given.startsWith(String(value)) : operator === 'eq' && given === String(value));
  return holds ? undefined : denied(`Policy Condition failed: ${JSON.stringify(condition)}`);
}
