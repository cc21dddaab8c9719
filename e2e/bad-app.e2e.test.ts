import { join } from 'node:path';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { ECS } from '@aws-sdk/client-ecs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { clientOptions } from '../packages/cli/src/session.ts';
import { processesOf } from '../scripts/demo/leftovers.ts';
import { LocalEngine } from './local-engine.ts';

// What `rockpool up` says about an app that cannot become what it should, and that nothing half-made stays.

const engine = new LocalEngine(40);
const app = (mistake: string) => ['--app', join(import.meta.dirname, 'faulty-app'), '-c', `mistake=${mistake}`];
const up = (mistake: string) => engine.rockpool(['up', ...app(mistake)]);

beforeAll(() => engine.start());
afterEach(async () => expect(await leftBehind()).toEqual({ stacks: [], clusters: [], containers: [] }));
afterAll(() => engine.end());

/** A stack that was rolled back is there to be read, empty; every other one that is not deleted counts. */
async function leftBehind() {
  const options = clientOptions(engine.session);
  const { StackSummaries = [] } = await new CloudFormation(options).listStacks();
  const { clusterArns = [] } = await new ECS(options).listClusters();
  return {
    stacks: StackSummaries.map(({ StackStatus = '', StackName = '' }) => `${StackName} ${StackStatus}`).filter(
      (stack) => !/ (DELETE|ROLLBACK)_COMPLETE$/.test(stack),
    ),
    clusters: clusterArns,
    containers: processesOf(join(engine.state, 'tasks')),
  };
}

test('an app that does not synthesise: its own words, and where', async () => {
  const { out, err, exitCode } = await up('does-not-synthesise');
  expect({ out, exitCode }).toEqual({ out: '', exitCode: 1 });
  expect(err).toContain('error: the app does not synthesise: `node infra.ts` ended with 1');
  expect(err).toMatch(/infra\.ts:\d+\n[\s\S]*the name of the queue is not known/);
  expect(err).toMatch(/ {2}next: put right what it says, then run `rockpool up` again\n$/);
});

test('an input that nobody gave, and no terminal to ask on: what it is and two ways to give it', async () => {
  const { err, exitCode } = await up('missing-input');
  expect(exitCode).toBe(1);
  expect(err).toBe(
    [
      'synthesising …',
      'error: the app needs "alertEmail" (Who gets the alarm mails?), and there is no terminal to ask on (MissingInput)',
      '  next: give it: -c alertEmail=...',
      '  next: or in the environment: ROCKPOOL_INPUT_ALERT_EMAIL=...',
      '',
    ].join('\n'),
  );
});

test('a property that CloudFormation does not know, in a nested stack: refused with its place before anything is made', async () => {
  const { err, exitCode } = await up('unknown-property');
  expect(exitCode).toBe(1);
  expect(err).toMatch(
    /error: CloudFormation refuses the template of Faulty:\n {2}\S+\/Topic \(AWS::SNS::Topic\): extraneous key \[DisplayNaem\] is not permitted at \/Resources\/Topic\/Properties \(TemplateRefused\)\n {2}next: /,
  );
});

test('an image whose command does not exist: ECS says so, the deployment rolls back', async () => {
  const { out, err, exitCode } = await up('without-command');
  expect({ out, exitCode }).toEqual({ out: '', exitCode: 1 });
  expect(err).toContain('error: Faulty was not deployed: ROLLBACK_COMPLETE\n');
  expect(err).toMatch(
    /Service \(AWS::ECS::Service\): .*CannotStartContainerError: exec: "\/opt\/web\/serve": no such file/,
  );
  expect(err).toMatch(/ {2}next: /);
});

test('a task that never gets healthy: the deployment rolls back, and its container has the last word', async () => {
  const { out, err, exitCode } = await up('unhealthy');
  expect({ out, exitCode }).toEqual({ out: '', exitCode: 1 });
  expect(err).toContain('error: Faulty was not deployed: ROLLBACK_COMPLETE\n');
  expect(err).toMatch(/ECS Deployment Circuit Breaker was triggered/);
  expect(err).toMatch(
    / {2}task [0-9a-f]{32}: Task failed ELB health checks.*\n( {4}app \| .*\n)* {4}app \| health asked for: the database is not there\n {2}next: /,
  );
});

test('what stays of a failed deployment is taken back by `down`, and nothing is left to tell', async () => {
  const { out, exitCode } = await engine.rockpool(['down', ...app('unhealthy')]);
  expect({ out, exitCode }).toEqual({ out: 'Faulty: deleted\n', exitCode: 0 });
  expect((await engine.rockpool(['status'])).err).toContain('nothing is deployed yet');
});
