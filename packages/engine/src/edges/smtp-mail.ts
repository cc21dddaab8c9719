import type { Transporter } from 'nodemailer';
import { UserError } from '../kernel/user-error.ts';
import type { MailTransport, ReceivedMail } from '../services/sns/mail-transport.ts';
import { type Mailbox, openMailbox } from './mailbox.ts';

/** What a mail waits for at most, so that a server that hangs counts as one that is not there. */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };

/** Sends mails by SMTP: to the given server, `smtp://user:password@host:port`, or to a mailbox of its own that opens with the first mail. */
export function smtpMail({ smtp }: { readonly smtp?: string | undefined } = {}): MailTransport {
  if (smtp !== undefined && !/^smtps?:\/\/[^/]/.test(smtp))
    throw new UserError('InvalidSmtpUrl', `"${smtp}" names no SMTP server`, {
      next: ['give it as smtp://host:port or smtps://user:password@host:port'],
    });
  let take: (mail: ReceivedMail) => void = () => {};
  let mailbox: Mailbox | undefined;
  let opened: Promise<Transporter> | undefined;

  // Loaded with the first mail: an engine that sends none need not wait for them at its start.
  async function open(): Promise<Transporter> {
    const { createTransport } = await import('nodemailer');
    if (smtp !== undefined) return createTransport({ url: smtp, ...timeouts });
    mailbox = await openMailbox((mail) => take(mail));
    return createTransport({ host: '127.0.0.1', port: mailbox.port, ignoreTLS: true, ...timeouts });
  }

  return {
    isMailbox: smtp === undefined,
    start(received) {
      take = received;
    },
    send({ from, to, subject, text }, done) {
      opened ??= open();
      opened
        .then((transport) => transport.sendMail({ from, to, subject, text }))
        .then(
          () => done(),
          (error: unknown) => done(error instanceof Error ? error.message : String(error)),
        );
    },
    async close() {
      const transport = await opened?.catch(() => undefined);
      transport?.close();
      await mailbox?.close();
    },
  };
}
