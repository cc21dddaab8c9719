import type { Root } from '../../kernel/service.ts';
import type { ReceivedMail } from './mail-transport.ts';
import { mails } from './model.ts';

const mails_max = 1000;

/** Keeps a mail that has come in, and lets go of the oldest when there are too many. */
export function keepMail(root: Root, mail: ReceivedMail): void {
  root.in({ account: '000000000000', region: 'us-east-1' }).report((context) => {
    const rows = context.store.table(mails);
    const id = context.ids.uuid('sns/mail');
    rows.put(id, { ...mail, id, receivedAt: context.now });
    for (const old of rows.list().slice(0, -mails_max)) rows.delete(old.id);
    context.emit({
      type: 'sns/mail-received',
      subject: mail.to[0] ?? '',
      message: `the mailbox has a mail for ${mail.to.join(', ')}: ${mail.subject}`,
      data: { id, to: mail.to, subject: mail.subject },
    });
  });
}
