import type { Setting, SettingName } from '@aws-sdk/client-ecs';
import type { Context } from '../../../kernel/context.ts';
import { invalidParameter } from '../errors.ts';
import type { Handler } from '../handler.ts';
import { settings } from '../model.ts';
import { page } from '../pages.ts';

/** What holds where nobody has set anything. */
const defaults: Readonly<Partial<Record<SettingName, string>>> = {
  serviceLongArnFormat: 'enabled',
  taskLongArnFormat: 'enabled',
  containerInstanceLongArnFormat: 'enabled',
  awsvpcTrunking: 'disabled',
  containerInsights: 'disabled',
  fargateFIPSMode: 'disabled',
  tagResourceAuthorization: 'on',
  fargateTaskRetirementWaitPeriod: '7',
  guardDutyActivate: 'off',
  defaultLogDriverMode: 'non-blocking',
};

const forAll = 'default';

export const putAccountSetting: Handler<'PutAccountSetting'> = ({ name, value, principalArn }, context) => ({
  setting: put(context, principalArn ?? context.caller.arn, name, value),
});

export const putAccountSettingDefault: Handler<'PutAccountSettingDefault'> = ({ name, value }, context) => ({
  setting: { ...put(context, forAll, name, value), principalArn: rootOf(context) },
});

export const deleteAccountSetting: Handler<'DeleteAccountSetting'> = ({ name, principalArn }, context) => {
  const principal = principalArn ?? context.caller.arn;
  const setting = effective(context, principal, name);
  context.store.table(settings).delete(`${principal}/${name}`);
  return { setting };
};

export const listAccountSettings: Handler<'ListAccountSettings'> = (input, context) => {
  const { name, value, principalArn = context.caller.arn, effectiveSettings = false } = input;
  const names = Object.keys(defaults) as SettingName[];
  const all = effectiveSettings
    ? names.map((one) => effective(context, principalArn, one))
    : context.store
        .table(settings)
        .list((row) => row.principalArn === principalArn)
        .map((row): Setting => ({ ...row, type: 'user' }));
  const matching = all.filter((one) => (!name || one.name === name) && (!value || one.value === value));
  const { items, ...rest } = page(matching, input);
  return { settings: items, ...rest };
};

const rootOf = ({ scope }: Context) => `arn:aws:iam::${scope.account}:root`;

function put(context: Context, principalArn: string, name: SettingName, value: string): Setting {
  if (!(name in defaults)) throw invalidParameter(`Invalid setting name: ${name}.`);
  const row = context.store.table(settings).put(`${principalArn}/${name}`, { name, value, principalArn });
  return { ...row, type: 'user' };
}

/** A principal's own setting, or the account's default, or AWS's. */
function effective(context: Context, principalArn: string, name: SettingName): Setting {
  const table = context.store.table(settings);
  const value = (table.get(`${principalArn}/${name}`) ?? table.get(`${forAll}/${name}`))?.value ?? defaults[name];
  return { name, value, principalArn, type: 'user' };
}
