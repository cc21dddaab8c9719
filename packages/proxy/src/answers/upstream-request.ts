import { type Field, HOP_BY_HOP } from '../http1/fields.ts';
import type { RequestHead } from '../http1/request-head.ts';
import { plainAddress } from '../routing/match-rule.ts';
import type { Listener } from '../routing-table.ts';

/** ALB refuses a request that has come through more proxies than this with status 463. */
const FORWARDED_ADDRESSES_MAX = 30;

/** Names ALB lets through when `drop_invalid_header_fields` is on: letters, digits and hyphens. */
const VALID_NAME = /^[-A-Za-z0-9]+$/;

export interface Passage {
  readonly listener: Listener;
  /** The bound port, for listeners that advertise no other. */
  readonly port: number;
  readonly client: { readonly host: string; readonly port: number };
  readonly traceHeader: string;
}

export function hasTooManyForwarders(fields: readonly Field[]): boolean {
  let addresses = 0;
  for (const field of fields) if (field.lower === 'x-forwarded-for') addresses += field.value.split(',').length;
  return addresses > FORWARDED_ADDRESSES_MAX;
}

/** The request's head as the target gets it, the empty line included. */
export function writeUpstreamRequest(request: RequestHead, passage: Passage): string {
  const { listener } = passage;
  let head = `${request.method} ${request.uri} HTTP/1.1\r\nHost: ${upstreamHost(request, passage)}\r\n`;
  let forwarded = '';
  for (const field of request.fields) {
    switch (field.lower) {
      case 'host':
      case 'content-length':
      case 'x-forwarded-proto':
      case 'x-forwarded-port':
      case 'x-amzn-trace-id':
        continue;
      case 'x-forwarded-for':
        forwarded = forwarded === '' ? field.value : `${forwarded}, ${field.value}`;
        continue;
      case 'expect':
        // ALB has already answered `100 Continue` itself.
        if (request.expectsContinue) continue;
    }
    if (!passes(field, request)) continue;
    if (listener.dropInvalidHeaderFields === true && !VALID_NAME.test(field.name)) continue;
    head += `${field.name}: ${field.value}\r\n`;
  }
  head += forwardedLines(forwarded, passage);
  head += `X-Amzn-Trace-Id: ${passage.traceHeader}\r\n`;
  if (request.framing.kind === 'length') head += `Content-Length: ${request.framing.length}\r\n`;
  else if (request.framing.kind === 'chunked') head += 'Transfer-Encoding: chunked\r\n';
  else if (request.fields.some((field) => field.lower === 'content-length')) head += 'Content-Length: 0\r\n';
  if (request.upgrade) head += 'Connection: Upgrade\r\nUpgrade: websocket\r\n';
  else head += 'Connection: keep-alive\r\n';
  return `${head}\r\n`;
}

function passes(field: Field, request: RequestHead): boolean {
  return !HOP_BY_HOP.has(field.lower) && !request.connectionOptions.includes(field.lower);
}

function forwardedLines(received: string, { listener, port, client }: Passage): string {
  const mode = listener.xForwardedFor ?? 'append';
  const address = plainAddress(client.host);
  const seen = listener.xForwardedForClientPort === true ? `${bracketed(address)}:${client.port}` : address;
  const appended = received === '' ? seen : `${received}, ${seen}`;
  const forwardedFor = mode === 'append' ? appended : mode === 'preserve' ? received : '';
  return (
    (forwardedFor === '' ? '' : `X-Forwarded-For: ${forwardedFor}\r\n`) +
    `X-Forwarded-Proto: http\r\nX-Forwarded-Port: ${listener.advertisedPort ?? port}\r\n`
  );
}

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address);

/** ALB adds a port of its own that is not the protocol's to a Host without one, unless told to preserve the header. */
function upstreamHost(request: RequestHead, { listener, port }: Passage): string {
  const advertised = listener.advertisedPort ?? port;
  if (request.host === '') return `${listener.host}:${advertised}`;
  if (listener.preserveHostHeader === true || advertised === 80 || advertised === 443) return request.host;
  return /:[0-9]+$/.test(request.host) ? request.host : `${request.host}:${advertised}`;
}
