import type { MailTransport } from './mail-transport.ts';

/** How an endpoint answered. */
export type PostResult = { readonly status: number } | { readonly failure: string };

/** Posts to http and https endpoints. Never throws, never blocks. */
export interface WebClient {
  post(
    request: { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: string },
    done: (result: PostResult) => void,
  ): void;
}

/** What SNS needs of the world outside the control plane. */
export interface SnsPorts {
  readonly mail: MailTransport;
  /** Left out: http and https subscriptions are refused. */
  readonly web?: WebClient;
  /** The engine's own address, for the links in mails. */
  endpoint?(): string;
  /**
   * Email subscriptions are confirmed at once, where AWS waits for somebody to follow the link in the mail. By default they are where mails go to
   * the built-in mailbox, which nobody else reads.
   */
  readonly autoConfirmEmail?: boolean;
}

/** The ports with what the service remembers between turns. */
export interface Desk extends SnsPorts {
  /** Deliveries that are with a transport now, by id. */
  readonly sending: Set<string>;
}
