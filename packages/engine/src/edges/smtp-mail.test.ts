import { afterEach, expect, test } from 'vitest';
import type { MailTransport, ReceivedMail } from '../services/sns/mail-transport.ts';
import { parseMail } from './mail-message.ts';
import { openMailbox } from './mailbox.ts';
import { smtpMail } from './smtp-mail.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const mail = {
  from: { name: 'AWS Notifications', address: 'no-reply@sns.amazonaws.com' },
  to: 'ops@example.com',
  subject: 'Grüße: the service “licences” was scaled in, after draining for a longer time than expected',
  text: `${'a line that is longer than seventy-six characters, so that it must be folded on its way; '.repeat(3)}\n\nÜber alles.\n`,
};

const send = (transport: MailTransport) => new Promise<string | undefined>((resolve) => transport.send(mail, resolve));

test('a mail comes into the mailbox as it was sent', async () => {
  const received: ReceivedMail[] = [];
  const transport = smtpMail();
  cleanups.push(() => transport.close());
  transport.start((one) => received.push(one));
  expect(await send(transport)).toBeUndefined();
  expect(received).toEqual([
    {
      from: 'AWS Notifications <no-reply@sns.amazonaws.com>',
      to: ['ops@example.com'],
      subject: mail.subject,
      text: mail.text,
    },
  ]);
});

test('a configured server gets the mail, and one that is not there is told of', async () => {
  const received: ReceivedMail[] = [];
  const mailbox = await openMailbox((one) => received.push(one));
  const transport = smtpMail({ smtp: `smtp://127.0.0.1:${mailbox.port}` });
  cleanups.push(() => transport.close());
  expect(transport.isMailbox).toBe(false);
  expect(await send(transport)).toBeUndefined();
  expect(received).toHaveLength(1);
  await mailbox.close();
  expect(await send(transport)).toContain('ECONNREFUSED');
});

test('a URL that is none is refused with what to give', () => {
  expect(() => smtpMail({ smtp: 'mail.example.com' })).toThrow(expect.objectContaining({ code: 'InvalidSmtpUrl' }));
});

test.each([
  [
    'the first plain text of several parts',
    'Content-Type: multipart/alternative; boundary="x"\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<b>\r\n--x\r\nContent-Type: text/plain\r\n\r\nplain\r\n--x--\r\n',
    'plain',
  ],
  ['base64', 'Content-Transfer-Encoding: base64\r\n\r\nR3LDvMOfZQ==', 'Grüße'],
  [
    'another character set',
    'Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe',
    'Grüße',
  ],
  ['no body', 'Subject: x\r\n', ''],
])('%s is read', (_, source, text) => {
  expect(parseMail(Buffer.from(source)).text).toBe(text);
});
