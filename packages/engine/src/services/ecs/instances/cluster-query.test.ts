import { expect, test } from 'vitest';
import { parseClusterQuery, type Subject } from './cluster-query.ts';

const values: Readonly<Record<string, readonly string[]>> = {
  'attribute:ecs.instance-type': ['t2.small'],
  'attribute:ecs.availability-zone': ['us-east-1a'],
  'attribute:empty': [''],
  'task:group': ['service:production', 'family:web'],
  agentConnected: ['true'],
  ec2InstanceId: ['i-abcd1234'],
  registeredAt: ['2026-02-18T22:28:28.000Z'],
  runningTasksCount: ['3'],
};
const subject: Subject = { valuesOf: (name) => values[name] ?? [] };

// The examples of the developer guide, "Cluster query language", and what their words mean.
test.each([
  ['attribute:ecs.instance-type == t2.small', true],
  ['attribute:ecs.instance-type =~ t2.*', true],
  ['attribute:ecs.instance-type =~ g2.*', false],
  ['attribute:ecs.instance-type !~ g2.*', true],
  ['attribute:ecs.instance-type matches t2\\.(small|micro)', undefined],
  ['attribute:ecs.instance-type matches "t2\\.(small|micro)"', true],
  ['attribute:ecs.availability-zone in [us-east-1a, us-east-1b]', true],
  ['attribute:ecs.availability-zone not_in [us-east-1a, us-east-1b]', false],
  ['attribute:ecs.availability-zone !in [us-east-1c]', true],
  ['attribute:stack exists', false],
  ['attribute:stack !exists', true],
  ['attribute:stack not_exists', true],
  ['attribute:ecs.instance-type exists and attribute:stack not_exists', true],
  ['task:group == service:production', true],
  ['not(task:group == service:production)', false],
  ['!(task:group == service:other)', true],
  ["ec2InstanceId in ['i-abcd1234', 'i-wxyx7890']", true],
  ['agentConnected == true', true],
  ['runningTasksCount > 2 && runningTasksCount <= 3', true],
  ['runningTasksCount less_than 3', false],
  ['registeredAt > 2026-02-18T22:28:28+00:00', false],
  ['registeredAt >= 2026-02-18T22:28:28+00:00', true],
  ['attribute:a == b or attribute:ecs.instance-type equals t2.small and agentConnected equals true', true],
  ['(attribute:a == b or agentConnected == true) and attribute:stack exists', false],
  ['attribute:ecs.instance-type =~ "t2("', undefined],
  ['attribute:ecs.instance-type ==', undefined],
  ['== t2.small', undefined],
  ['attribute:a in [b', undefined],
  ['(attribute:a == b', undefined],
  ['attribute:a == b c', undefined],
  ['', undefined],
])('%s', (expression, wanted) => {
  if (wanted === undefined) expect(() => parseClusterQuery(expression)).toThrow('Invalid expression');
  else expect(parseClusterQuery(expression)(subject)).toBe(wanted);
});
