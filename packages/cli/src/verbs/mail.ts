import { UserError } from '@rockpool/engine/user-error';
import { admin, type Session } from '../session.ts';
import { counted, textTable } from './text-table.ts';
import { momentText } from './times.ts';

/** A mail as the built-in mailbox lists it. */
export interface Mail {
  readonly id: string;
  /** Epoch milliseconds of the platform. */
  readonly receivedAt: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** Oldest first. */
export const readMails = async (session: Session): Promise<readonly Mail[]> =>
  (await admin<{ mails: Mail[] }>(session, 'mail')).mails.sort((a, b) => a.receivedAt - b.receivedAt);

/** Lists the mails of the built-in mailbox, or prints one whole. */
export async function mailVerb(session: Session, { id }: { readonly id?: string }): Promise<void> {
  const mails = await readMails(session);
  const { terminal, json } = session;
  if (id !== undefined) {
    const mail = pickMail(id, mails);
    terminal.out(json ? `${JSON.stringify(mail)}\n` : renderMail(mail));
    return;
  }
  if (json) terminal.out(`${JSON.stringify(mails)}\n`);
  else if (mails.length === 0) terminal.err('no mail has come yet\n');
  else terminal.out(renderMails(mails));
}

/** A mail by its number in the list, or by its id or the beginning of it. Throws `UserError` `MailNotFound`. */
export function pickMail(asked: string, mails: readonly Mail[]): Mail {
  const found = /^\d{1,4}$/.test(asked)
    ? mails[Number(asked) - 1]
    : mails.find(({ id }) => asked !== '' && id.startsWith(asked));
  if (found) return found;
  throw new UserError('MailNotFound', `there is no mail ${asked}`, {
    next: [
      mails.length > 0
        ? `the mailbox has ${counted(mails.length, 'mail')}: rockpool mail lists them`
        : 'no mail has come yet',
    ],
  });
}

export function renderMails(mails: readonly Mail[]): string {
  const rows = mails.map(({ receivedAt, to, subject }, index) => [
    String(index + 1),
    momentText(receivedAt),
    to.join(', '),
    subject,
  ]);
  return `${textTable([['ID', 'TIME', 'TO', 'SUBJECT'], ...rows]).join('\n')}\n`;
}

export const renderMail = ({ receivedAt, from, to, subject, text }: Mail): string =>
  [
    `Time:    ${momentText(receivedAt)}`,
    `From:    ${from}`,
    `To:      ${to.join(', ')}`,
    `Subject: ${subject}`,
    '',
    text.trimEnd(),
    '',
  ].join('\n');
