import { table } from './store.ts';

/** Why a caller acts: what set it off. Kept with every change it makes, so that "why did it scale?" has an answer. */
export interface Cause {
  /** The function that acts, where it is a Lambda function. */
  readonly function?: string;
  /** The EventBridge rule that called it, and the event's id and kind. */
  readonly rule?: string;
  readonly event?: string;
  /** The alarm that went off, with its metric and the value that crossed. */
  readonly alarm?: string;
  readonly metric?: string;
  readonly value?: number;
  readonly threshold?: number;
  readonly reason?: string;
}

/** Who makes a request. */
export interface Caller {
  readonly kind: 'root' | 'user' | 'role' | 'service';
  readonly account: string;
  /** As `sts:GetCallerIdentity` gives it; for a service its principal, e.g. `ecs.amazonaws.com`. */
  readonly arn: string;
  /** The role's unique id and session name (`AROA...:name`), or the user's or account's id. */
  readonly userId: string;
  readonly accessKeyId?: string;
  /** For a service acting on behalf of a resource: that resource (`aws:SourceArn`). */
  readonly sourceArn?: string;
  /** What a session was given when its role was assumed: policies that limit it, and tags. */
  readonly session?: { readonly policies?: readonly string[]; readonly tags?: Readonly<Record<string, string>> };
  readonly cause?: Cause;
}

/** Keys the engine has issued: to users, role sessions, tasks and functions. The wire layer reads it to know a request's caller. */
export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Epoch milliseconds of the platform. */
  readonly expiration?: number;
  readonly caller: Caller;
}

export const credentials = table<Credential>('credentials', { scope: 'global' });

export const rootCaller = (account: string): Caller => ({
  kind: 'root',
  account,
  arn: `arn:aws:iam::${account}:root`,
  userId: account,
});

/** A service acting by itself or, with `sourceArn`, on behalf of a resource. */
export const serviceCaller = (account: string, principal: string, sourceArn?: string): Caller => ({
  kind: 'service',
  account,
  arn: principal,
  userId: principal,
  ...(sourceArn ? { sourceArn } : {}),
});
