import { expect, test } from 'vitest';
import { planDenials } from './plan-denials.ts';
import { event } from './testing/events.ts';
import { renderDenial } from './why-denied.ts';

const denied = (session: string, resource: string) =>
  event('iam/request-denied', {
    message: 'no',
    data: {
      caller: `arn:aws:sts::000000000000:assumed-role/app/${session}`,
      action: 'ssm:GetParameter',
      resource,
      request: 'ssm.GetParameter',
      kind: 'identity',
      policies: ['own'],
      unknown: [],
      missing: { Effect: 'Allow', Action: 'ssm:GetParameter', Resource: resource },
    },
  });

test('the newest refusal comes first; the same one is told once, whatever the session', () => {
  const events = [denied('one', 'a'), denied('one', 'b'), event('ecs/task-state-changed'), denied('two', 'a')];
  expect(planDenials(events, 5).map(({ resource, times }) => [resource, times])).toEqual([
    ['a', 2],
    ['b', 1],
  ]);
  expect(planDenials(events, 1)).toHaveLength(1);
});

test('it says who, what, why, and the statement that is missing', () => {
  const [first] = planDenials([denied('one', 'a')], 1);
  expect(first && renderDenial(first).split('\n')).toEqual([
    expect.stringMatching(/^ssm:GetParameter on a was refused at 2026-01-05 /),
    '  who      arn:aws:sts::000000000000:assumed-role/app/one',
    '  asked    ssm.GetParameter',
    '  why      no identity-based policy allows it',
    '  policies own',
    '  missing  {"Effect":"Allow","Action":"ssm:GetParameter","Resource":"a"}',
  ]);
});
