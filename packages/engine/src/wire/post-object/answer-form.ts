import { createHmac } from 'node:crypto';
import { AwsError, isAwsError } from '../../kernel/aws-error.ts';
import type { Credential } from '../../kernel/caller.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { bucketOfHost } from '../bucket-host.ts';
import { faultOf } from '../fault.ts';
import { credentialOf, defaultRegion } from '../identity.ts';
import { header, type WireRequest, type WireResponse } from '../message.ts';
import { decodeUri } from '../rest-bindings.ts';
import { restXml } from '../rest-protocols.ts';
import { sdkSchemas } from '../sdk-schemas.ts';
import { equal, signingKey } from '../sigv4.ts';
import { element, escapeText } from '../xml-writer.ts';
import { boundaryOf, type PostedForm, readForm } from './form-data.ts';
import { planPostPolicy } from './plan-post-policy.ts';

export interface FormOptions {
  readonly kernel: Kernel;
  readonly account: string;
  readonly requestId: string;
}

const refusal = (code: string, message: string, status = 400) => new AwsError(code, message, { status });
const mismatch = () =>
  refusal(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    403,
  );

/** Answers a browser's form that uploads an object; undefined where the request is none. It is a PutObject whose headers are fields and whose signature is over a policy. */
export function answerForm(request: WireRequest, options: FormOptions): WireResponse | undefined {
  const boundary = request.method === 'POST' ? boundaryOf(header(request, 'content-type')) : undefined;
  const bucket = boundary && !header(request, 'authorization') ? bucketOf(request) : undefined;
  if (!boundary || !bucket) return undefined;
  const schemas = sdkSchemas('s3');
  try {
    const form = readForm(request.body, boundary);
    if (!form)
      throw refusal('MalformedPOSTRequest', 'The body of your POST request is not well-formed multipart/form-data.');
    return put(bucket, form, request, options);
  } catch (error) {
    if (!isAwsError(error)) throw error;
    return restXml.refuse(faultOf(error, schemas), { requestId: options.requestId, schemas });
  }
}

function bucketOf(request: WireRequest): string | undefined {
  const hosted = bucketOfHost(request);
  if (hosted) return request.path === '/' ? hosted : undefined;
  const [, bucket] = /^\/([^/]+)\/?$/.exec(request.path) ?? [];
  return bucket === undefined ? undefined : decodeUri(bucket);
}

function put(bucket: string, form: PostedForm, request: WireRequest, options: FormOptions): WireResponse {
  const { kernel, requestId } = options;
  const { fields, file } = form;
  if (!file) throw refusal('InvalidArgument', 'POST requires exactly one file upload per request.');
  const key = fields.get('key')?.replaceAll(/\$\{filename\}/g, () => file.name);
  if (!key)
    throw refusal(
      'InvalidArgument',
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
    );
  if (fields.has('tagging')) throw refusal('NotImplemented', 'tags in a posted form are not implemented here', 501);
  const { credential, region } = requireSigned(fields, options);
  const policy = parse(Buffer.from(fields.get('policy') ?? '', 'base64').toString());
  const fault = planPostPolicy(policy, { bucket, fields, size: file.bytes.byteLength }, Date.now());
  if (fault) throw refusal(fault.code, fault.message, fault.code === 'AccessDenied' ? 403 : 400);
  const schemas = sdkSchemas('s3');
  const operation = schemas.operations.get('PutObject');
  if (!operation) throw new Error('the SDK has no PutObject');
  const asPut = { method: 'PUT', path: request.path, query: '', headers: headersOf(form), body: file.bytes };
  const input = restXml.decode(operation, asPut, { Bucket: bucket, Key: key });
  const output = kernel.request('s3', 'PutObject', input, {
    scope: { account: credential.caller.account, region },
    caller: { ...credential.caller, accessKeyId: credential.accessKeyId },
    client: { address: request.client, userAgent: header(request, 'user-agent') },
  }) as { readonly ETag?: string };
  const { headers } = restXml.encode(operation, output, { requestId, schemas });
  return success(fields, headers, { bucket, key, etag: output.ETag ?? '', host: header(request, 'host') ?? '' });
}

/** Fields that are no headers of a PutObject: they are about the form. */
const ownFields =
  /^(key|policy|bucket|success_action_.*|x-amz-(signature|credential|algorithm|date|security-token)|signature|awsaccesskeyid|x-ignore-.*)$/;

function headersOf({ fields, file }: PostedForm): Record<string, string> {
  const headers = [...fields]
    .filter(([name]) => !ownFields.test(name))
    .map(([name, value]) => [name === 'acl' ? 'x-amz-acl' : name, value] as const);
  return { ...(file?.type ? { 'content-type': file.type } : {}), ...Object.fromEntries(headers) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whose form it is: the signature is over the policy, of version 4 or 2. */
function requireSigned(fields: PostedForm['fields'], options: FormOptions): { credential: Credential; region: string } {
  const policy = fields.get('policy');
  if (policy === undefined) throw refusal('AccessDenied', 'Access Denied', 403);
  const [accessKeyId = '', ...scope] = (fields.get('x-amz-credential') ?? fields.get('awsaccesskeyid') ?? '').split(
    '/',
  );
  const credential = credentialOf(accessKeyId, options);
  if (!credential)
    throw refusal('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403);
  const { sessionToken = '', secretAccessKey: secret, expiration } = credential;
  if (credential.caller.kind !== 'root' && sessionToken !== (fields.get('x-amz-security-token') ?? ''))
    throw refusal('InvalidToken', 'The provided token is malformed or otherwise invalid.');
  if (expiration !== undefined && expiration <= options.kernel.now())
    throw refusal('ExpiredToken', 'The provided token has expired.');
  const signature =
    scope.length > 0
      ? signingKey(secret, scope.join('/')).sign(policy)
      : createHmac('sha1', secret).update(policy).digest('base64');
  if (!equal(signature, fields.get('x-amz-signature') ?? fields.get('signature') ?? '')) throw mismatch();
  return { credential, region: scope[1] ?? defaultRegion };
}

interface Stored {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly host: string;
}

/** What the form wants answered: a page of its own, a status with or without a document. */
function success(
  fields: PostedForm['fields'],
  { 'content-type': _, ...headers }: Readonly<Record<string, string>>,
  { bucket, key, etag, host }: Stored,
): WireResponse {
  const location = `http://${host}/${bucket}/${encodeURIComponent(key)}`;
  const redirect = fields.get('success_action_redirect');
  if (redirect && URL.canParse(redirect)) {
    const url = new URL(redirect);
    for (const [name, value] of Object.entries({ bucket, key, etag })) url.searchParams.set(name, value);
    return { status: 303, headers: { ...headers, location: url.href }, body: '' };
  }
  const status = fields.get('success_action_status');
  if (status !== '201') return { status: status === '200' ? 200 : 204, headers: { ...headers, location }, body: '' };
  const parts = { Location: location, Bucket: bucket, Key: key, ETag: etag };
  const body = Object.entries(parts).map(([name, value]) => element(name, escapeText(value)));
  return {
    status: 201,
    headers: { ...headers, location, 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${element('PostResponse', body.join(''))}`,
  };
}
