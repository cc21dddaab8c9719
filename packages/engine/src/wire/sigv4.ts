import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { sha256Hex } from '../kernel/content-digest.ts';
import { RememberedMany } from '../kernel/remembered-many.ts';
import { header, type WireRequest } from './message.ts';
import { SigningKey } from './signing-key.ts';

/** How a request says who made it: a signature of version 4 in its header or URL, or one of S3's version 2 in its URL. */
export type Presented = SignatureV4 | SignatureV2;

export interface SignatureV4 {
  readonly version: 4;
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  /** `20260105/us-east-1/ecs/aws4_request` */
  readonly scope: string;
  /** `20260105T090000Z` */
  readonly time: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly sessionToken: string | undefined;
  /** Seconds for which a presigned URL holds; undefined: signed in a header. */
  readonly expires_s: number | undefined;
  /** SigV4a, which signs for several regions with a public key; it is read, never verified. */
  readonly asymmetric: boolean;
}

export interface SignatureV2 {
  readonly version: 2;
  readonly accessKeyId: string;
  readonly signature: string;
  readonly sessionToken: string | undefined;
  /** Epoch seconds. */
  readonly expires: number;
}

/** Reads the signature; undefined where there is none. 'incomplete' where one was tried that cannot be read. */
export function presentedSignature(request: WireRequest): Presented | 'incomplete' | undefined {
  const authorization = header(request, 'authorization');
  if (authorization?.startsWith('AWS4-')) return fromHeader(request, authorization);
  if (authorization?.startsWith('AWS ')) return 'incomplete';
  if (/(?:^|&)X-Amz-Algorithm=/i.test(request.query)) return fromUrl(new URLSearchParams(request.query));
  if (/(?:^|&)AWSAccessKeyId=/.test(request.query)) return fromOldUrl(new URLSearchParams(request.query));
  return undefined;
}

/** A client says the same all day, but for the signature itself. */
const claims = new RememberedMany<SignatureV4 | 'incomplete'>(1000);

function fromHeader(request: WireRequest, authorization: string): SignatureV4 | 'incomplete' {
  const end = authorization.lastIndexOf('Signature=');
  const signature = end < 0 ? '' : authorization.slice(end + 'Signature='.length);
  const regionSet = header(request, 'x-amz-region-set');
  const isPlain = regionSet === undefined && hexSignature.test(signature);
  const claim = isPlain
    ? claims.get(authorization.slice(0, end), () => claimOf(authorization, undefined))
    : claimOf(authorization, regionSet);
  if (claim === 'incomplete') return claim;
  return {
    ...claim,
    time: header(request, 'x-amz-date') ?? '',
    signature: isPlain ? signature : claim.signature,
    sessionToken: header(request, 'x-amz-security-token'),
  };
}

const hexSignature = /^[0-9a-f]{64}$/;

/** What the header says of key, scope and signed headers. */
function claimOf(authorization: string, regionSet: string | undefined): SignatureV4 | 'incomplete' {
  const parts = new Map<string, string>();
  for (const piece of authorization.split(/[\s,]+/)) {
    const mark = piece.indexOf('=');
    if (mark > 0) parts.set(piece.slice(0, mark), piece.slice(mark + 1));
  }
  const part = (name: string) => parts.get(name) ?? '';
  return signatureV4({
    algorithm: authorization.slice(0, authorization.indexOf(' ')),
    credential: part('Credential'),
    signedHeaders: part('SignedHeaders'),
    signature: part('Signature'),
    time: '',
    sessionToken: undefined,
    regionSet,
  });
}

function fromUrl(parameters: URLSearchParams): SignatureV4 | 'incomplete' {
  const part = (name: string) => parameters.get(`X-Amz-${name}`) ?? '';
  return signatureV4({
    algorithm: part('Algorithm'),
    credential: part('Credential'),
    signedHeaders: part('SignedHeaders'),
    signature: part('Signature'),
    time: part('Date'),
    sessionToken: parameters.get('X-Amz-Security-Token') ?? undefined,
    regionSet: parameters.get('X-Amz-Region-Set') ?? undefined,
    expires_s: Number(part('Expires') || 900),
  });
}

interface Parts {
  readonly algorithm: string;
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly time: string;
  readonly sessionToken: string | undefined;
  readonly regionSet: string | undefined;
  readonly expires_s?: number;
}

function signatureV4(parts: Parts): SignatureV4 | 'incomplete' {
  const asymmetric = parts.algorithm === 'AWS4-ECDSA-P256-SHA256';
  const [accessKeyId, ...scope] = parts.credential.split('/');
  // SigV4a has no region in its scope.
  const [date, region, service, end] = asymmetric ? [scope[0], regionOf(parts.regionSet), scope[1], scope[2]] : scope;
  if (
    !accessKeyId ||
    !date ||
    !region ||
    !service ||
    end !== 'aws4_request' ||
    !parts.signature ||
    !parts.signedHeaders
  )
    return 'incomplete';
  return {
    version: 4,
    accessKeyId,
    region,
    service,
    scope: scope.join('/'),
    time: parts.time,
    signedHeaders: parts.signedHeaders.toLowerCase().split(';'),
    signature: parts.signature,
    sessionToken: parts.sessionToken,
    expires_s: parts.expires_s,
    asymmetric,
  };
}

const regionOf = (set: string | undefined): string => {
  const first = set?.split(',')[0] ?? '*';
  return first.includes('*') ? 'us-east-1' : first;
};

function fromOldUrl(parameters: URLSearchParams): SignatureV2 | 'incomplete' {
  const [accessKeyId, signature] = [parameters.get('AWSAccessKeyId'), parameters.get('Signature')];
  const expires = Number(parameters.get('Expires') ?? Number.NaN);
  if (!accessKeyId || !signature || Number.isNaN(expires)) return 'incomplete';
  const sessionToken = parameters.get('x-amz-security-token') ?? undefined;
  return { version: 2, accessKeyId, signature, expires, sessionToken };
}

/** Whether the request was signed with the secret. SigV4 as AWS documents it; S3 encodes the path once, all others twice. */
export function verifySignatureV4(request: WireRequest, presented: SignatureV4, secretAccessKey: string): boolean {
  const canonical = canonicalRequest(request, presented);
  const toSign = `AWS4-HMAC-SHA256\n${presented.time}\n${presented.scope}\n${sha256(canonical)}`;
  return equal(signingKey(secretAccessKey, presented.scope).sign(toSign), presented.signature);
}

function canonicalRequest(request: WireRequest, { service, signedHeaders, expires_s }: SignatureV4): string {
  let headers = '';
  for (const name of signedHeaders) headers += `${name}:${squeezed(header(request, name) ?? '')}\n`;
  const presignedHash = expires_s !== undefined && service === 's3' ? 'UNSIGNED-PAYLOAD' : undefined;
  const payloadHash = header(request, 'x-amz-content-sha256') ?? presignedHash ?? sha256(request.body);
  const path = canonicalPath(request.path, service);
  const query = request.query === '' ? '' : canonicalQuery(request);
  return `${request.method}\n${path}\n${query}\n${headers}\n${signedHeaders.join(';')}\n${payloadHash}`;
}

/** A header's value as it is signed: no space around it, one within it. */
const squeezed = (value: string): string => (/\s/.test(value) ? value.trim().replace(/\s+/g, ' ') : value);

function canonicalPath(path: string, service: string): string {
  if (path === '/' || path === '') return '/';
  return path
    .split('/')
    .map((segment) => encode(service === 's3' ? decode(segment) : segment))
    .join('/');
}

function canonicalQuery({ query }: WireRequest): string {
  return query
    .split('&')
    .filter((pair) => pair !== '' && !pair.startsWith('X-Amz-Signature='))
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [encode(decode(name)), encode(decode(value.join('=')))] as const;
    })
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map((pair) => pair.join('='))
    .join('&');
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A body that is not what was signed: its hash is in the signature, so a change of it must not slip by. */
export function bodyMatches(request: WireRequest): boolean {
  const declared = header(request, 'x-amz-content-sha256');
  return !declared || !/^[0-9a-f]{64}$/.test(declared) || declared === sha256(request.body);
}

const subresources = new Set(
  'acl,cors,delete,lifecycle,location,logging,notification,partNumber,policy,requestPayment,tagging,torrent,uploadId,uploads,versionId,versioning,versions,website,response-cache-control,response-content-disposition,response-content-encoding,response-content-language,response-content-type,response-expires'.split(
    ',',
  ),
);

/** Whether an S3 URL was signed with the secret in version 2. `resource` is `/bucket/key`, as encoded in the URL. */
export function verifySignatureV2(
  request: WireRequest,
  presented: SignatureV2,
  options: { readonly secretAccessKey: string; readonly resource: string },
): boolean {
  const parameters = [...new URLSearchParams(request.query)].filter(([name]) => subresources.has(name)).sort();
  const query = parameters.map(([name, value]) => (value === '' ? name : `${name}=${value}`)).join('&');
  const amz = new Map(Object.keys(request.headers).map((name) => [name, header(request, name) ?? '']));
  if (presented.sessionToken) amz.set('x-amz-security-token', presented.sessionToken);
  const headers = [...amz].filter(([name]) => name.startsWith('x-amz-')).sort(([a], [b]) => compare(a, b));
  const toSign = [
    request.method,
    header(request, 'content-md5') ?? '',
    header(request, 'content-type') ?? '',
    String(presented.expires),
    ...headers.map(([name, value]) => `${name}:${value}`),
    options.resource + (query ? `?${query}` : ''),
  ].join('\n');
  return equal(createHmac('sha1', options.secretAccessKey).update(toSign).digest('base64'), presented.signature);
}

const signingKeys = new RememberedMany<SigningKey>(1000);

/** A signing key holds for a day, service and region; deriving it costs more than using it. */
export const signingKey = (secret: string, scope: string): SigningKey =>
  signingKeys.get(`${secret}/${scope}`, () => {
    let bytes: Buffer = Buffer.from(`AWS4${secret}`);
    for (const part of scope.split('/')) bytes = createHmac('sha256', bytes).update(part).digest();
    return new SigningKey(bytes);
  });

export const sha256 = (content: string | Uint8Array): string =>
  typeof content === 'string' ? hash('sha256', content, 'hex') : sha256Hex(content);

/** AWS's percent-encoding: everything but unreserved characters. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const equal = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
