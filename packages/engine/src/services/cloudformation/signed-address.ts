import type { Context } from '../../kernel/context.ts';
import type { Ports } from './ports.ts';

/** What an address of CloudFormation's is for: the answer of a custom resource, or signals for a wait condition. */
export type AddressKind = 'custom-resource-response' | 'waitcondition';

/** Where an engine answers that nobody has told its own address: only in labs. */
const labEndpoint = 'http://127.0.0.1:4566';
const expires_s = 86_399;

/**
 * An address that whoever has it may PUT to, in the form of AWS's presigned S3 URLs, and on this engine. The signature is a secret of its own,
 * kept beside what the address is for: nobody could make one up.
 */
export function signedAddress(
  context: Context,
  { endpoint }: Ports,
  { kind, key, secret }: { readonly kind: AddressKind; readonly key: string; readonly secret: string },
): string {
  const { region } = context.scope;
  const time = new Date(context.now).toISOString().replace(/[-:]|\.\d+/g, '');
  const credential = `AKIAROCKPOOL/${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Date': time,
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Expires': String(expires_s),
    'X-Amz-Credential': credential,
    'X-Amz-Signature': secret,
  });
  const path = key.split('/').map(encodeURIComponent).join('/');
  return `${endpoint?.() ?? labEndpoint}/${bucketOf(kind, region)}/${path}?${query}`;
}

/** AWS writes the region of the response bucket without hyphens, and the other with them. */
const bucketOf = (kind: AddressKind, region: string): string =>
  kind === 'waitcondition'
    ? `cloudformation-${kind}-${region}`
    : `cloudformation-${kind}-${region.replaceAll('-', '')}`;

const addressPath = /^\/cloudformation-(custom-resource-response|waitcondition)-[a-z0-9-]+\/(.+)$/;

export const isSignedAddress = (path: string): boolean => addressPath.test(path);

export interface SignedPlace {
  readonly kind: AddressKind;
  readonly key: string;
  readonly account: string;
  readonly region: string;
}

/** What an address is for: the path of its URL, still encoded. */
export function signedPlace(path: string): SignedPlace | undefined {
  const [, kind = '', encoded = ''] = addressPath.exec(path) ?? [];
  if (encoded === '') return undefined;
  const key = decoded(encoded);
  const [, region = '', account = ''] = /^arn:[^:]+:cloudformation:([^:]+):(\d{12}):stack\//.exec(key) ?? [];
  return account === '' ? undefined : { kind: kind as AddressKind, key, account, region };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** The same place, of a whole URL. */
export const placeOfUrl = (url: string): SignedPlace | undefined =>
  URL.canParse(url) ? signedPlace(new URL(url).pathname) : undefined;

export const newSecret = (context: Context): string => context.ids.hex('cloudformation/signature', 64);
