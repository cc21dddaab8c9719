import type { Caller, Credential } from '../../kernel/caller.ts';
import { credentials } from '../../kernel/caller.ts';
import type { Context } from '../../kernel/context.ts';

/**
 * Keys the engine issues are marked, so that one that is gone (expired long ago, deleted) is refused, while a foreign key of which the engine
 * knows nothing is taken for the account's root.
 */
export const temporaryKeyPrefix = 'ASIARKPL';

/** Issues temporary credentials to a caller, and answers them as STS does. */
export function issueSession(context: Context, caller: Caller, duration_s: number) {
  const credential: Credential = {
    accessKeyId: `${temporaryKeyPrefix}${context.ids.alphanumeric('sts/access-key', 12)}`,
    secretAccessKey: secret(context),
    sessionToken: `FwoGZXIvYXdz${context.ids.hex('sts/session-token', 120)}`,
    expiration: context.now + duration_s * 1000,
    caller,
  };
  context.store.table(credentials).put(credential.accessKeyId, credential);
  return {
    AccessKeyId: credential.accessKeyId,
    SecretAccessKey: credential.secretAccessKey,
    SessionToken: credential.sessionToken,
    Expiration: new Date(credential.expiration ?? context.now),
  };
}

/** Forty characters, as AWS's secrets are long. */
export const secret = (context: Context): string =>
  `${context.ids.alphanumeric('sts/secret', 20)}${context.ids.hex('sts/secret', 20)}`;
