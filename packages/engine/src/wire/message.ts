import type { IncomingHttpHeaders } from 'node:http';

/** An HTTP request with its whole body, from a socket or from a client in this process. */
export interface WireRequest {
  readonly method: string;
  /** As sent: still encoded, without the query. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
  /** Where it comes from; undefined from within this process. */
  readonly client?: string | undefined;
}

export interface WireResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A header's value; what was sent several times is joined by commas, as HTTP allows. */
export function header({ headers }: Pick<WireRequest, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

/** The name in the Host header, in lower case and without the port; brackets of IPv6 addresses stay. */
export function hostName(request: Pick<WireRequest, 'headers'>): string {
  const host = header(request, 'host') ?? '';
  return host.replace(/:\d+$/, '').toLowerCase();
}
