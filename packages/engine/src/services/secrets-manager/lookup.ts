import type { Context } from '../../kernel/context.ts';
import { markedForDeletion, secretNotFound } from './errors.ts';
import { type Secret, secrets } from './model.ts';

/** Where a secret lives that is named by an ARN; a bare name is here. */
export function placeOf(context: Context, given: string): Context {
  if (!given.startsWith('arn:')) return context;
  const [, , , region = '', account = ''] = given.split(':');
  return region === context.scope.region && account === context.scope.account
    ? context
    : context.in({ region, account });
}

/** By name, by ARN, or by an ARN without its last six characters. */
export function findSecret(context: Context, given: string): Secret | undefined {
  const rows = placeOf(context, given).store.table(secrets);
  if (!given.startsWith('arn:')) return rows.get(given);
  return rows.by('arn', given)[0] ?? rows.get(given.split(':').slice(6).join(':'));
}

export function requireSecret(context: Context, given: string): Secret {
  const secret = findSecret(context, given);
  if (!secret) throw secretNotFound();
  return secret;
}

/** One that is not about to go. */
export function requireActive(context: Context, given: string): Secret {
  const secret = requireSecret(context, given);
  if (secret.deletedAt) throw markedForDeletion();
  return secret;
}

export const putSecret = (context: Context, secret: Secret): Secret =>
  placeOf(context, secret.arn).store.table(secrets).put(secret.name, secret);
