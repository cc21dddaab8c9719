import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import type { ReceivedMail } from '../services/sns/mail-transport.ts';
import { parseMail } from './mail-message.ts';

/** A mail server of this machine that takes every mail and passes none on. */
export interface Mailbox {
  readonly port: number;
  close(): Promise<void>;
}

const mail_bytes_max = 10 * 1024 * 1024;

export async function openMailbox(received: (mail: ReceivedMail) => void): Promise<Mailbox> {
  const { SMTPServer } = await import('smtp-server');
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    size: mail_bytes_max,
    onData(stream, session, done) {
      readAll(stream).then(
        (bytes) => {
          const to = session.envelope.rcptTo.map(({ address }) => address);
          received({ ...parseMail(bytes), to });
          done();
        },
        (error: Error) => done(error),
      );
    },
  });
  // A client that breaks off is its own affair.
  server.on('error', () => {});
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.server.address() as AddressInfo).port));
  });
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
