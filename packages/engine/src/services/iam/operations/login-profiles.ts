import { createHash } from 'node:crypto';
import type { PasswordPolicy } from '@aws-sdk/client-iam';
import type { Context } from '../../../kernel/context.ts';
import {
  loginProfileExists,
  loginProfileNotFound,
  noPassword,
  passwordPolicyNotFound,
  weakPassword,
} from '../errors.ts';
import { type LoginProfile, loginProfiles, nameKey, passwordPolicies } from '../model.ts';
import type { Op } from './find-rows.ts';
import { userOrCaller } from './users.ts';

/** What an account without a policy of its own asks of passwords: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html */
const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[!@#$%^&*()_+\-=[\]{}|']/];
const kindsWithoutPolicy_min = 3;
const lengthWithoutPolicy_min = 8;

function checkPassword(password: string, { store }: Context): void {
  const policy = store.table(passwordPolicies).get('account');
  const [lower, upper, digit, symbol] = kinds.map((kind) => kind.test(password));
  const isGood = policy
    ? password.length >= (policy.MinimumPasswordLength ?? 0) &&
      (lower || !policy.RequireLowercaseCharacters) &&
      (upper || !policy.RequireUppercaseCharacters) &&
      (digit || !policy.RequireNumbers) &&
      (symbol || !policy.RequireSymbols)
    : password.length >= lengthWithoutPolicy_min &&
      [lower, upper, digit, symbol].filter(Boolean).length >= kindsWithoutPolicy_min;
  if (!isGood) throw weakPassword();
}

/** Passwords are never told, so a digest is all that is kept. */
const digestOf = (password: string): string => createHash('sha256').update(password).digest('hex');

const shown = ({ digest: _, userName, createdAt, mustReset }: LoginProfile) => ({
  UserName: userName,
  CreateDate: createdAt,
  PasswordResetRequired: mustReset,
});

function requireProfile(context: Context, userName: string | undefined): LoginProfile {
  const user = userOrCaller(context, userName);
  const found = context.store.table(loginProfiles).get(nameKey(user.UserName));
  if (!found) throw loginProfileNotFound(user.UserName);
  return found;
}

export const createLoginProfile: Op<'CreateLoginProfile'> = (input, context) => {
  const { Password, PasswordResetRequired = false } = input;
  const { UserName } = userOrCaller(context, input.UserName);
  const rows = context.store.table(loginProfiles);
  if (rows.get(nameKey(UserName))) throw loginProfileExists(UserName);
  if (Password === undefined) throw noPassword();
  checkPassword(Password, context);
  const profile = rows.put(nameKey(UserName), {
    userName: UserName,
    digest: digestOf(Password),
    createdAt: new Date(context.now),
    mustReset: PasswordResetRequired,
  });
  return { LoginProfile: shown(profile) };
};

export const getLoginProfile: Op<'GetLoginProfile'> = ({ UserName }, context) => ({
  LoginProfile: shown(requireProfile(context, UserName)),
});

export const updateLoginProfile: Op<'UpdateLoginProfile'> = (
  { UserName, Password, PasswordResetRequired },
  context,
) => {
  const known = requireProfile(context, UserName);
  if (Password !== undefined) checkPassword(Password, context);
  context.store.table(loginProfiles).put(nameKey(known.userName), {
    ...known,
    ...(Password === undefined ? {} : { digest: digestOf(Password) }),
    ...(PasswordResetRequired === undefined ? {} : { mustReset: PasswordResetRequired }),
  });
  return {};
};

export const deleteLoginProfile: Op<'DeleteLoginProfile'> = ({ UserName }, context) => {
  context.store.table(loginProfiles).delete(nameKey(requireProfile(context, UserName).userName));
  return {};
};

/** What a request leaves out is set to its default, whatever it was before (API reference). */
export const updateAccountPasswordPolicy: Op<'UpdateAccountPasswordPolicy'> = (input, { store }) => {
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as PasswordPolicy;
  store.table(passwordPolicies).put('account', {
    MinimumPasswordLength: 6,
    RequireSymbols: false,
    RequireNumbers: false,
    RequireUppercaseCharacters: false,
    RequireLowercaseCharacters: false,
    AllowUsersToChangePassword: false,
    ...given,
    ExpirePasswords: (given.MaxPasswordAge ?? 0) > 0,
  });
  return {};
};

export const getAccountPasswordPolicy: Op<'GetAccountPasswordPolicy'> = (_, { store, scope }) => {
  const found = store.table(passwordPolicies).get('account');
  if (!found) throw passwordPolicyNotFound(scope.account);
  return { PasswordPolicy: found };
};

export const deleteAccountPasswordPolicy: Op<'DeleteAccountPasswordPolicy'> = (_, { store, scope }) => {
  if (!store.table(passwordPolicies).get('account')) throw passwordPolicyNotFound(scope.account);
  store.table(passwordPolicies).delete('account');
  return {};
};
