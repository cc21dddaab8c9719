import { AwsError } from '../kernel/aws-error.ts';
import { getOrMake } from '../kernel/store.ts';
import type { ProtocolName } from './protocol.ts';

/** Clients may be wrong about the time by so much. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html */
export const skew_max_ms = 15 * 60_000;

/** `20260105T090000Z` */
const compact = (time_ms: number): string => new Date(time_ms).toISOString().replace(/[-:]|\.\d+/g, '');

export type SignatureRefusals = ReturnType<typeof make>;

const made = new Map<ProtocolName, SignatureRefusals>();

/** How a signature is refused. The same refusals have other names in query and XML protocols than in JSON. */
export const signatureRefusals = (protocol: ProtocolName): SignatureRefusals =>
  getOrMake(made, protocol, () => make(protocol));

function make(protocol: ProtocolName) {
  const isJson = protocol === 'aws-json' || protocol === 'rest-json' || protocol === 'rpc-cbor';
  const isS3 = protocol === 'rest-xml';
  const refusal =
    (code: { json: string; query: string; s3?: string }, message: string, status = 403) =>
    () =>
      new AwsError(isJson ? code.json : isS3 ? (code.s3 ?? code.query) : code.query, message, { status });
  const skewed = (message: string) =>
    refusal(
      { json: 'InvalidSignatureException', query: 'SignatureDoesNotMatch', s3: 'RequestTimeTooSkewed' },
      isS3 ? 'The difference between the request time and the current time is too large.' : message,
      isJson ? 400 : 403,
    )();
  return {
    missing: refusal(
      { json: 'MissingAuthenticationTokenException', query: 'MissingAuthenticationToken', s3: 'AccessDenied' },
      isS3 ? 'Access Denied' : 'Missing Authentication Token',
    ),
    incomplete: refusal(
      { json: 'IncompleteSignatureException', query: 'IncompleteSignature', s3: 'AuthorizationHeaderMalformed' },
      'The authorization must have a Credential, SignedHeaders and a Signature.',
      400,
    ),
    unreadableTime: (time: string) =>
      refusal(
        { json: 'IncompleteSignatureException', query: 'IncompleteSignature', s3: 'AccessDenied' },
        isS3
          ? 'AWS authentication requires a valid Date or x-amz-date header'
          : `Date must be in ISO-8601 'basic format'. Got '${time}'. See http://en.wikipedia.org/wiki/ISO_8601`,
        isS3 ? 403 : 400,
      )(),
    expired: refusal(
      { json: 'ExpiredTokenException', query: 'ExpiredToken' },
      isS3 ? 'The provided token has expired.' : 'The security token included in the request is expired',
      isJson || isS3 ? 400 : 403,
    ),
    invalidToken: refusal(
      { json: 'UnrecognizedClientException', query: 'InvalidClientTokenId', s3: 'InvalidToken' },
      'The security token included in the request is invalid.',
      isJson || isS3 ? 400 : 403,
    ),
    unknownKey: refusal(
      { json: 'UnrecognizedClientException', query: 'InvalidClientTokenId', s3: 'InvalidAccessKeyId' },
      isS3
        ? 'The AWS Access Key Id you provided does not exist in our records.'
        : 'The security token included in the request is invalid.',
      isJson ? 400 : 403,
    ),
    expiredSignature: (time: string, now: number) =>
      skewed(
        `Signature expired: ${time} is now earlier than ${compact(now - skew_max_ms)} (${compact(now)} - 15 min.)`,
      ),
    futureSignature: (time: string, now: number) =>
      skewed(
        `Signature not yet current: ${time} is still later than ${compact(now + skew_max_ms)} (${compact(now)} + 15 min.)`,
      ),
    mismatch: refusal(
      { json: 'InvalidSignatureException', query: 'SignatureDoesNotMatch' },
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      isJson ? 400 : 403,
    ),
    requestExpired: refusal(
      { json: 'InvalidSignatureException', query: 'SignatureDoesNotMatch', s3: 'AccessDenied' },
      isS3 ? 'Request has expired' : 'Signature expired',
      isJson ? 400 : 403,
    ),
  };
}
