import { isAwsError } from '../kernel/aws-error.ts';
import { bucketOfHost } from './bucket-host.ts';
import { faultOf } from './fault.ts';
import { header, type WireRequest, type WireResponse } from './message.ts';
import { restXml } from './rest-protocols.ts';
import { sdkSchemas } from './sdk-schemas.ts';
import { presentedSignature } from './sigv4.ts';

/** What buckets let pages of other sites have: S3 is the one service here that pages may be allowed to ask. */
export interface CrossOrigin {
  headersFor(
    bucket: string,
    asked: { readonly origin: string; readonly method: string; readonly headers: readonly string[] },
  ): Readonly<Record<string, string>> | undefined;
  preflight(
    bucket: string,
    asked: { readonly origin?: string; readonly method?: string; readonly headers?: readonly string[] },
    resource: 'BUCKET' | 'OBJECT',
  ): Readonly<Record<string, string>>;
}

type Head = Pick<WireRequest, 'method' | 'path' | 'query' | 'headers'>;

/** The bucket that a request is surely about: nothing in it could make another service of it. */
function bucketOf(request: Head): { readonly bucket: string; readonly hasKey: boolean } | undefined {
  const signature = presentedSignature({ ...request, body: new Uint8Array() });
  const isOther =
    header(request, 'x-amz-target') !== undefined ||
    header(request, 'smithy-protocol') !== undefined ||
    header(request, 'content-type')?.includes('x-www-form-urlencoded') ||
    request.query.includes('Action=') ||
    signature === 'incomplete' ||
    (signature?.version === 4 && signature.service !== 's3');
  if (isOther || /^\/20\d\d-\d\d-\d\d\//.test(request.path)) return undefined;
  const hosted = bucketOfHost(request);
  if (hosted) return { bucket: hosted, hasKey: request.path.length > 1 };
  const [, bucket = '', key = ''] = /^\/([^/]+)\/?(.*)$/s.exec(request.path) ?? [];
  return bucket === '' ? undefined : { bucket, hasKey: key !== '' };
}

/** The headers that let the page which sent a request have the answer; undefined: it comes from no page, or from one that may not. */
export function pageHeaders(
  request: Head,
  policy: CrossOrigin | undefined,
): Readonly<Record<string, string>> | undefined {
  const origin = header(request, 'origin');
  const about = policy && origin !== undefined ? bucketOf(request) : undefined;
  return about && policy?.headersFor(about.bucket, { origin: origin ?? '', method: request.method, headers: [] });
}

/** The answer to a preflight; undefined where the request is none that a bucket could answer. */
export function answerPreflight(
  request: Head,
  policy: CrossOrigin | undefined,
  newRequestId: () => string,
): WireResponse | undefined {
  const about = policy && request.method === 'OPTIONS' ? bucketOf(request) : undefined;
  if (!policy || !about) return undefined;
  const [origin, method] = [header(request, 'origin'), header(request, 'access-control-request-method')];
  const headers = (header(request, 'access-control-request-headers') ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  const requestId = newRequestId();
  const asked = { ...(origin ? { origin } : {}), ...(method ? { method } : {}), headers };
  try {
    const allowed = policy.preflight(about.bucket, asked, about.hasKey ? 'OBJECT' : 'BUCKET');
    return { status: 200, headers: { ...allowed, 'x-amz-request-id': requestId, 'x-amz-id-2': requestId }, body: '' };
  } catch (error) {
    if (!isAwsError(error)) throw error;
    const schemas = sdkSchemas('s3');
    return restXml.refuse(faultOf(error, schemas), { requestId, schemas });
  }
}
