import { expect, test } from 'vitest';
import { startEcsLab } from '../testing/ecs-lab.ts';

const lab = () => startEcsLab().lab;

test('account settings: the own, then the account default, then that of AWS', () => {
  const { ecs } = lab();
  const insights = () =>
    ecs.listAccountSettings({ name: 'containerInsights', effectiveSettings: true }).settings?.[0]?.value;
  expect(insights()).toBe('disabled');
  ecs.putAccountSettingDefault({ name: 'containerInsights', value: 'enhanced' });
  expect(insights()).toBe('enhanced');
  ecs.putAccountSetting({ name: 'containerInsights', value: 'enabled' });
  expect(insights()).toBe('enabled');
  ecs.deleteAccountSetting({ name: 'containerInsights' });
  expect(insights()).toBe('enhanced');
});
