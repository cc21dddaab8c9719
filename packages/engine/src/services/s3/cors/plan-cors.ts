import type { CORSRule } from '@aws-sdk/client-s3';

/** What a page of another site asks: for a preflight, what it is about to ask. */
export interface PageRequest {
  readonly origin: string;
  readonly method: string;
  /** The headers that the page wants to send, in lower case. */
  readonly headers: readonly string[];
}

/** One `*` in a pattern stands for anything. */
function covers(pattern: string, text: string): boolean {
  const [begin = '', end] = pattern.split('*');
  return end === undefined
    ? pattern === text
    : text.length >= begin.length + end.length && text.startsWith(begin) && text.endsWith(end);
}

/** The headers by which the first rule that fits lets the page have the answer; undefined: none does (https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html). */
export function planCors(
  rules: readonly CORSRule[],
  { origin, method, headers }: PageRequest,
): Readonly<Record<string, string>> | undefined {
  for (const { AllowedOrigins = [], AllowedMethods = [], AllowedHeaders = [], ...rule } of rules) {
    const allowed = AllowedOrigins.find((pattern) => covers(pattern, origin));
    const headersFit = headers.every((name) => AllowedHeaders.some((pattern) => covers(pattern.toLowerCase(), name)));
    if (allowed === undefined || !AllowedMethods.includes(method) || !headersFit) continue;
    return {
      'access-control-allow-origin': allowed === '*' ? '*' : origin,
      ...(allowed === '*' ? {} : { 'access-control-allow-credentials': 'true' }),
      'access-control-allow-methods': AllowedMethods.join(', '),
      ...(headers.length > 0 ? { 'access-control-allow-headers': headers.join(', ') } : {}),
      ...(rule.ExposeHeaders?.length ? { 'access-control-expose-headers': rule.ExposeHeaders.join(', ') } : {}),
      ...(rule.MaxAgeSeconds === undefined ? {} : { 'access-control-max-age': String(rule.MaxAgeSeconds) }),
      vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
    };
  }
  return undefined;
}
