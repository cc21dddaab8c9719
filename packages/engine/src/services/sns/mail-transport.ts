/** A mail that is to be sent. */
export interface Mail {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** A mail that has come in. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** Takes mails to where they are read. Never throws, never blocks. */
export interface MailTransport {
  /** Mails go to a mailbox of its own on this machine, and not to people. */
  readonly isMailbox: boolean;
  /** Once, before the first mail: `received` is told of every mail that comes into the mailbox. */
  start(received: (mail: ReceivedMail) => void): void;
  /** `done` is called once: without a text when the next server has taken the mail, otherwise with why not. */
  send(mail: Mail, done: (failure?: string) => void): void;
  close(): Promise<void>;
}
