import { Readable } from 'node:stream';
import { type AnswerOptions, answer } from './answer.ts';
import type { WireRequest, WireResponse } from './message.ts';

/** An HTTP request as the SDK's clients hand it over. */
export interface ClientRequest {
  readonly method: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Lets the SDK's clients talk to the engine in this process, without a port: `new ECSClient({ requestHandler: requestHandler(...) })`. */
export function requestHandler(options: AnswerOptions) {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request: ClientRequest) {
      return { response: clientResponse(await answer(await wireRequest(request), options)) };
    },
    updateHttpClientConfig(): void {},
    httpHandlerConfigs: () => ({}),
    destroy(): void {},
  };
}

export async function wireRequest({
  method,
  hostname,
  port,
  path,
  query,
  headers,
  body,
}: ClientRequest): Promise<WireRequest> {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    method,
    path,
    query: queryString(query ?? {}),
    headers: { host: port ? `${hostname}:${port}` : hostname, ...lower },
    body: await bytesOf(body),
  };
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

function queryString(query: NonNullable<ClientRequest['query']>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each) =>
      each === null ? encode(name) : `${encode(name)}=${encode(each)}`,
    ),
  );
  return pairs.join('&');
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array | string>)
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}

function clientResponse({ status, headers, body }: WireResponse) {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return {
    statusCode: status,
    reason: '',
    headers: { ...headers, 'content-length': headers['content-length'] ?? String(bytes.byteLength) },
    body: Readable.from(bytes.byteLength > 0 ? [bytes] : []),
  };
}
