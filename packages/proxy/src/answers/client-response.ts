import { HOP_BY_HOP } from '../http1/fields.ts';
import type { ResponseHead } from '../http1/response-head.ts';

export interface ResponsePassage {
  /** Minor version the client speaks. */
  readonly minor: 0 | 1;
  readonly keepAlive: boolean;
  /** Added when the target sent no Date of its own. */
  readonly date: string;
  /** Complete Set-Cookie lines of the balancer's stickiness. */
  readonly cookies: string;
}

/** How the body goes to the client. */
export type ClientFraming = 'as-is' | 'chunked' | 'until-close';

export function clientFraming(response: ResponseHead, minor: 0 | 1): ClientFraming {
  const { kind } = response.framing;
  if (kind === 'none' || kind === 'length') return 'as-is';
  return minor === 1 ? 'chunked' : 'until-close';
}

/** The target's answer as the client gets it, the empty line included. The target's own Server header stays. */
export function writeClientResponse(response: ResponseHead, passage: ResponsePassage): string {
  let head = `HTTP/1.1 ${response.status} ${response.reason}\r\n`;
  let dated = false;
  for (const field of response.fields) {
    if (field.lower === 'date') dated = true;
    if (HOP_BY_HOP.has(field.lower) || response.connectionOptions.includes(field.lower)) continue;
    head += `${field.name}: ${field.value}\r\n`;
  }
  if (!dated) head += `Date: ${passage.date}\r\n`;
  head += passage.cookies;
  if (clientFraming(response, passage.minor) === 'chunked') head += 'Transfer-Encoding: chunked\r\n';
  return `${head}Connection: ${passage.keepAlive ? 'keep-alive' : 'close'}\r\n\r\n`;
}

/** The head of a successful change of protocol. */
export function writeUpgradeResponse(response: ResponseHead): string {
  let head = `HTTP/1.1 101 ${response.reason === '' ? 'Switching Protocols' : response.reason}\r\n`;
  for (const field of response.fields) {
    if (HOP_BY_HOP.has(field.lower)) continue;
    head += `${field.name}: ${field.value}\r\n`;
  }
  return `${head}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
}
