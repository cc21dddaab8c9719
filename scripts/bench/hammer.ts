import { connect, type Socket } from 'node:net';

/** A request as bytes: what a client of ours costs must not hide what a server does. */
export interface Target {
  readonly port: number;
  readonly bytes: Buffer;
}

export function requestBytes(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): Buffer {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** Sends one request after the other on each of so many kept connections, for a while. The answers per second; any other answer than 200 is an error. */
export async function hammer(target: Target, connections: number, duration_ms: number): Promise<number> {
  const began = performance.now();
  const ends = began + duration_ms;
  const counts = await Promise.all(Array.from({ length: connections }, () => askUntil(target, ends)));
  return (counts.reduce((sum, count) => sum + count, 0) * 1000) / (performance.now() - began);
}

function askUntil({ port, bytes }: Target, ends: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let count = 0;
    const open = (): void => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      socket.once('connect', () => socket.write(bytes));
      socket.once('error', reject);
      onAnswers(socket, (status, head) => {
        count += 1;
        if (status !== 200) socket.destroy(new Error(`port ${port} answered ${head}`));
        else if (performance.now() >= ends) {
          socket.destroy();
          resolve(count);
        } else if (isKept(head)) socket.write(bytes);
        else {
          socket.destroy();
          open();
        }
      });
    };
    open();
  });
}

/** Whether the server lets the connection be used again. */
const isKept = (head: string): boolean => !head.startsWith('HTTP/1.0') && !/\r\nconnection: *close/i.test(head);

/**
 * Hears each answer when it is whole. Knows no more HTTP than the servers here speak: Content-Length, or chunks. Of a body whose length is
 * known the bytes are counted, not kept: what a client does with them is nobody's business here.
 */
function onAnswers(socket: Socket, heard: (status: number, head: string) => void): void {
  let rest = Buffer.alloc(0);
  let answer: { readonly head: string; missing: number } | undefined;
  socket.on('data', (chunk) => {
    if (answer) answer.missing -= chunk.length;
    else {
      rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      const headEnd = rest.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const head = rest.toString('latin1', 0, headEnd);
      const missing = missingOf(rest, headEnd + 4, head);
      if (missing === undefined) return;
      answer = { head, missing };
    }
    if (answer.missing > 0) return;
    const { head } = answer;
    rest = Buffer.alloc(0);
    answer = undefined;
    heard(Number(head.slice(9, 12)), head);
  });
}

/** How many bytes of the answer have not come yet; undefined: there is no telling before there are more. */
function missingOf(bytes: Buffer, start: number, head: string): number | undefined {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return start + Number(length) - bytes.length;
  return bytes.indexOf('0\r\n\r\n', start) < 0 ? undefined : 0;
}
