import { UserError } from '@rockpool/engine/user-error';

/** A whole number that a user has written, not below 0. Throws `UserError` `WrongOption`. */
export function wholeNumber(what: string, written: string): number {
  if (/^\d{1,9}$/.test(written)) return Number(written);
  throw new UserError('WrongOption', `${what} is "${written}", which is not a whole number`, {
    next: ['give digits only, for example 50'],
  });
}
