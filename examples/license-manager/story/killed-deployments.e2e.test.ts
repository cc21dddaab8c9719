import { beforeAll, expect, test } from 'vitest';
import { seededIds } from '../../../packages/engine/src/kernel/ids.ts';
import { type Synthesised, synthesise } from './assembly.ts';
import { Killed } from './dying-journal.ts';
import { execute, prepare, stackStatus } from './platform.ts';
import { emptyWorld, type World } from './world.ts';

// The engine dies at a random moment of the example's deployment, a hundred times, and is started again: what comes out is what comes out of
// a deployment that nobody disturbed.

let example: Synthesised;
let undisturbed: { readonly commits: number; readonly end: readonly string[] };

/** Everything that the deployment has made, without what is random in its names. */
function made({ lab }: World): string[] {
  const plain = (text = '') => text.replace(/-[0-9A-Z]{12}(?=-|$)/g, '');
  const stacks = lab.cloudFormation.describeStacks({}).Stacks ?? [];
  const resources = stacks.flatMap(({ StackName = '' }) =>
    (lab.cloudFormation.listStackResources({ StackName }).StackResourceSummaries ?? []).map(
      ({ LogicalResourceId, ResourceType, ResourceStatus }) =>
        `${plain(StackName)} ${LogicalResourceId} ${ResourceType} ${ResourceStatus}`,
    ),
  );
  const count = (what: string, list: readonly unknown[] | undefined) => `${list?.length ?? 0} ${what}`;
  return [
    ...resources,
    count('stacks', stacks),
    count('roles', lab.iam.listRoles({ MaxItems: 1000 }).Roles),
    count('groups of logs', lab.logs.describeLogGroups({}).logGroups),
    count('topics', lab.sns.listTopics({}).Topics),
    count('functions', lab.lambda.listFunctions({}).Functions),
    count('rules', lab.eventBridge.listRules({}).Rules),
    count('load balancers', lab.elbv2.describeLoadBalancers({}).LoadBalancers),
    count('target groups', lab.elbv2.describeTargetGroups({}).TargetGroups),
    count('networks', lab.ec2.describeVpcs({}).Vpcs),
    count('security groups', lab.ec2.describeSecurityGroups({}).SecurityGroups),
    count('services', lab.ecs.listServices({ cluster: 'license-manager' }).serviceArns),
    count('task definitions', lab.ecs.listTaskDefinitions({}).taskDefinitionArns),
  ].sort();
}

/** Deploys, and lets the engine die after so many turns. What it was doing then is what a caller or a timer sees end. */
async function deployed(seed: number, dieAfter?: number): Promise<{ world: World; commits: number; died: boolean }> {
  const world = emptyWorld(seed, example);
  prepare(world.lab, example);
  const before = world.journal.commits;
  let died = false;
  if (dieAfter !== undefined)
    world.journal.dieAfter(dieAfter, () => {
      died = true;
      world.kill();
    });
  const surviving = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
    if (!world.isUp) world.startAgain();
  };
  const isOver = () => !world.isUp || !stackStatus(world.lab, example)?.endsWith('_IN_PROGRESS');
  await surviving(async () => execute(world.lab, example));
  await surviving(() => world.time.until(isOver, 600_000));
  await world.time.until(isOver, 600_000);
  await world.time.until(() => world.running().length === 1, 120_000);
  return { world, commits: world.journal.commits - before, died };
}

beforeAll(async () => {
  example = synthesise();
  const { world, commits } = await deployed(1);
  undisturbed = { commits, end: made(world) };
}, 60_000);

test.each(Array.from({ length: 100 }, (_, index) => index + 1))('killed at a random moment, seed %i', async (seed) => {
  const { random } = seededIds(seed);
  const { world, died } = await deployed(seed, 1 + Math.floor(random('moment') * (undisturbed.commits - 10)));
  expect(died).toBe(true);
  expect(stackStatus(world.lab, example)).toBe('CREATE_COMPLETE');
  expect(made(world)).toEqual(undisturbed.end);
  expect(world.running()).toHaveLength(1);
});
