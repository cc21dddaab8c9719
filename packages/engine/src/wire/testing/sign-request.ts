import { createHash, createHmac } from 'node:crypto';

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

const unreserved = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

export interface Unsigned {
  readonly method: string;
  readonly path: string;
  /** The Host header, as it will be sent. */
  readonly host: string;
  readonly body: string | Uint8Array;
  readonly service: string;
  readonly region?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  /** When it is signed; now, unless a test wants another time. */
  readonly at?: Date;
  /** What x-amz-date says, where it is not that. */
  readonly time?: string;
}

/** The headers that sign a request in version 4, made apart from the code that verifies them. */
export function signRequest({ method, path, host, body, service, ...options }: Unsigned): Record<string, string> {
  const { region = 'eu-west-1', accessKeyId = 'test', secretAccessKey = 'test', at = new Date() } = options;
  const { time = at.toISOString().replace(/[-:]|\.\d+/g, '') } = options;
  const scope = [time.slice(0, 8), region, service, 'aws4_request'];
  const [bare = '', query = ''] = path.split('?');
  const canonical = [
    method,
    bare
      .split('/')
      .map((part) => unreserved(service === 's3' ? decoded(part) : part))
      .join('/'),
    query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
      .sort()
      .join('&'),
    `host:${host}\nx-amz-date:${time}\n`,
    'host;x-amz-date',
    sha256(body),
  ].join('\n');
  const key = scope.reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${secretAccessKey}`);
  const signature = hmac(key as Buffer, ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n'));
  const credential = `${accessKeyId}/${scope.join('/')}`;
  return {
    'x-amz-date': time,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=${signature.toString('hex')}`,
  };
}
