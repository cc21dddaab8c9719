import { connect } from 'node:net';

export interface Said {
  /** Sent one by one, each after the one before has gone out. */
  readonly parts: readonly (string | Uint8Array)[];
  /** Closes the client's side with the last part. */
  readonly half?: boolean;
  /** Answers to wait for; the connection ends then. */
  readonly answers: number;
}

export interface Heard {
  readonly status: number;
  readonly body: string;
}

/** What a server answers on one connection to bytes in just these parts. */
export function converse(port: number, { parts, half = false, answers }: Said): Promise<Heard[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let text = '';
    const settle = () => {
      resolve(answersIn(text));
      socket.destroy();
    };
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      if (!half && answersIn(text).length >= answers) settle();
    });
    socket.on('error', reject).on('close', settle);
    // A turn of the loop between parts lets the server see each as it is.
    const send = ([part, ...rest]: readonly (string | Uint8Array)[]): void => {
      if (part === undefined) return void (half && socket.end());
      socket.write(part, () => setImmediate(() => setImmediate(() => send(rest))));
    };
    socket.on('connect', () => send(parts));
  });
}

/** What ends a chunked answer; those that tests here meet have nothing else in them. */
const noChunks = '0\r\n\r\n';

/** Every answer that is whole. */
function answersIn(text: string): Heard[] {
  const found: Heard[] = [];
  for (let rest = text; ; ) {
    const bodyAt = rest.indexOf('\r\n\r\n') + 4;
    const head = rest.slice(0, bodyAt);
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    const end = bodyAt + (/^transfer-encoding: chunked/im.test(head) ? noChunks.length : length);
    if (bodyAt < 4 || rest.length < end) return found;
    found.push({ status: Number(rest.slice(9, 12)), body: rest.slice(bodyAt, bodyAt + length) });
    rest = rest.slice(end);
  }
}
