import { STATUS_CODES } from 'node:http';

/** An answer the balancer makes itself: an error page, a redirect or a fixed response. */
export interface OwnAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly location?: string;
}

// ALB's pages carry nginx's wording, which is not everywhere Node's.
const REASONS: Readonly<Record<number, string>> = {
  408: 'Request Timeout',
  414: 'Request-URI Too Large',
  463: 'X-Forwarded-For Too Many Addresses',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

export function reasonOf(status: number): string {
  return REASONS[status] ?? STATUS_CODES[status] ?? 'Unknown';
}

/** The page ALB shows for a status of its own. */
export function statusPage(status: number, location?: string): OwnAnswer {
  const title = `${status} ${reasonOf(status)}`;
  const lines = [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<center><h1>${title}</h1></center>`,
    '</body>',
    '</html>',
    '',
  ];
  return { status, contentType: 'text/html', body: lines.join('\r\n'), location };
}

/** The whole answer as bytes. `Server: awselb/2.0` marks it as the balancer's own. */
export function writeOwnAnswer(
  answer: OwnAnswer,
  request: { readonly headOnly: boolean; readonly keepAlive: boolean; readonly date: string },
): Buffer {
  const body = Buffer.from(answer.body, 'utf8');
  const bodyless = answer.status === 204 || answer.status === 304;
  const head = [
    `HTTP/1.1 ${answer.status} ${reasonOf(answer.status)}`,
    'Server: awselb/2.0',
    `Date: ${request.date}`,
    ...(body.length === 0 || bodyless ? [] : [`Content-Type: ${answer.contentType}`]),
    ...(bodyless ? [] : [`Content-Length: ${body.length}`]),
    `Connection: ${request.keepAlive ? 'keep-alive' : 'close'}`,
    ...(answer.location === undefined ? [] : [`Location: ${answer.location}`]),
    '\r\n',
  ].join('\r\n');
  const headBytes = Buffer.from(head, 'latin1');
  return request.headOnly || bodyless ? headBytes : Buffer.concat([headBytes, body]);
}
