import { expect, test } from 'vitest';
import { matchesSearch, parseSearch, tokensOf } from './search.ts';

const cpu = {
  namespace: 'AWS/ECS',
  name: 'CPUUtilization',
  dimensions: [
    { Name: 'ClusterName', Value: 'main' },
    { Name: 'ServiceName', Value: 'license-manager' },
  ],
};
const custom = { namespace: 'App', name: 'CustomCount1', dimensions: [{ Name: 'TaskId', Value: 't1' }] };
const all = { cpu, custom };
const found = (search: string) =>
  Object.entries(all).flatMap(([name, metric]) => (matchesSearch(parseSearch(search), metric) ? [name] : []));

test.each([
  ['{AWS/ECS,ClusterName,ServiceName} MetricName="CPUUtilization"', ['cpu']],
  ['{AWS/ECS, ServiceName, ClusterName}', ['cpu']],
  ['{AWS/ECS,ServiceName}', []],
  ['{App, "TaskId"}', ['custom']],
  ['CPUUtilization', ['cpu']],
  ['cpu', ['cpu']],
  ['count', ['custom']],
  ['CustomCount', ['custom']],
  ['customcount', []],
  ['Count1', ['custom']],
  ['customcount1', ['custom']],
  ['"CustomCount1"', ['custom']],
  ['"Custom"', []],
  ['license/manager', ['cpu']],
  ['"license-manager"', ['cpu']],
  ['"license_manager"', []],
  ['Namespace=AWS', ['cpu']],
  ['NOT Namespace=AWS', ['custom']],
  ['TaskId="t1"', ['custom']],
  ['cpu OR count', ['cpu', 'custom']],
  ['cpu AND main', ['cpu']],
  ['cpu main NOT web', ['cpu']],
  ['(cpu OR count) TaskId=t1', ['custom']],
])('%s', (search, expected) => expect(found(search)).toEqual(expected));

test.each(['', '{}', '(cpu', 'cpu)', 'NOT'])('%j is refused', (search) => {
  expect(() => parseSearch(search)).toThrow(SyntaxError);
});

test.each([
  ['CustomCount1', ['Custom', 'Count', '1']],
  ['SDBFailure', ['SDB', 'Failure']],
  ['Project2-trial333', ['Project', '2', 'trial', '333']],
])('%s has the tokens %j', (text, tokens) => expect(tokensOf(text)).toEqual(tokens));
