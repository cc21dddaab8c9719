import { beforeAll, expect, test } from 'vitest';
import type { EngineEvent } from '../../../packages/engine/src/kernel/event-log.ts';
import { labScope } from '../../../packages/engine/src/testing/lab.ts';
import { type Synthesised, synthesise } from './assembly.ts';
import { mailsSince, scaleOut } from './story.ts';
import { startWorld, type World } from './world.ts';

// What is missing fails as on AWS, and the message alone says what to add.

let example: Synthesised;
beforeAll(() => {
  example = synthesise();
}, 60_000);

const minute = 60_000;

/** What AWS's sentence says is missing. */
function missingIn(message: string): { readonly Effect: 'Allow'; readonly Action: string; readonly Resource: string } {
  const [, action = '', resource = '*'] =
    /not authorized to perform: (\S+)(?: on resource: (\S+))? because no/.exec(message) ?? [];
  return { Effect: 'Allow', Action: action, Resource: resource };
}

const document = (Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

function roleLike({ lab }: World, part: string): string {
  const found = lab.iam.listRoles({ MaxItems: 1000 }).Roles?.find(({ RoleName = '' }) => RoleName.includes(part));
  if (!found?.RoleName) throw new Error(`no role like ${part}`);
  return found.RoleName;
}

test('a scale-in without permissions does nothing, until what its refusals name is allowed', async () => {
  const world = await startWorld(1, example);
  expect(await scaleOut(world)).toEqual([]);
  const { lab, clients, time } = world;
  const RoleName = roleLike(world, 'ScaleInRole');
  for (const PolicyName of lab.iam.listRolePolicies({ RoleName }).PolicyNames ?? [])
    lab.iam.deleteRolePolicy({ RoleName, PolicyName });

  const refused: string[] = [];
  world.onEvent = ({ type, subject, message }: EngineEvent) => {
    if (type === 'iam/request-denied' && subject.endsWith(RoleName)) refused.push(message);
  };
  const before = world.running();
  const [victim = ''] = before;
  clients.roaming = false;
  clients.rest({ on: victim, but: 2 });
  await time.advance(10 * minute);
  expect(refused.length).toBeGreaterThan(0);
  expect(world.running().sort()).toEqual(before.sort());
  expect(refused[0]).toMatch(
    new RegExp(
      `^User: arn:aws:sts::000000000000:assumed-role/${RoleName}/\\S+ is not authorized to perform: \\w+:\\w+ on resource: arn:aws:\\S+ because no identity-based policy allows the \\w+:\\w+ action$`,
    ),
  );

  const began = time.now();
  const statements = new Map<string, object>();
  const cure = (message: string) => {
    const statement = missingIn(message);
    statements.set(JSON.stringify(statement), statement);
    lab.iam.putRolePolicy({ RoleName, PolicyName: 'cure', PolicyDocument: document([...statements.values()]) });
  };
  for (const message of refused) cure(message);
  world.onEvent = ({ type, subject, message }: EngineEvent) => {
    if (type === 'iam/request-denied' && subject.endsWith(RoleName)) cure(message);
  };
  const isOver = () => mailsSince(world, began).includes('stopped');
  expect(await time.until(isOver, 120 * minute)).toBe(true);
  expect(world.running().sort()).toEqual(before.filter((task) => task !== victim).sort());
}, 60_000);

test('who may not pass the task’s role cannot register the tasks that have it', async () => {
  const world = await startWorld(1, example);
  const { lab } = world;
  lab.iam.createUser({ UserName: 'deployer' });
  const may = (...statements: object[]) =>
    lab.iam.putUserPolicy({ UserName: 'deployer', PolicyName: 'own', PolicyDocument: document(statements) });
  const all = { Effect: 'Allow', NotAction: 'iam:PassRole', Resource: '*' };
  may(all);
  const caller = {
    kind: 'user',
    account: labScope.account,
    arn: `arn:aws:iam::${labScope.account}:user/deployer`,
    userId: 'AIDA',
  } as const;
  const { taskDefinition = '' } = world.service() ?? {};
  const { taskDefinition: known } = lab.ecs.describeTaskDefinition({ taskDefinition });
  const TemplateBody = JSON.stringify({
    Resources: {
      Tasks: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          TaskRoleArn: known?.taskRoleArn,
          ContainerDefinitions: [{ Name: 'app', Image: known?.containerDefinitions?.[0]?.image, Memory: 128 }],
          NetworkMode: 'awsvpc',
        },
      },
    },
  });
  const deploy = (StackName: string) => {
    lab.kernel.request('cloudFormation', 'CreateStack', { StackName, TemplateBody }, { scope: labScope, caller });
    lab.advance('10s');
    return lab.cloudFormation.describeStackEvents({ StackName }).StackEvents ?? [];
  };
  const reason = deploy('first').find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason;
  expect(reason).toContain(
    `User: ${caller.arn} is not authorized to perform: iam:PassRole on resource: ${known?.taskRoleArn} because no identity-based policy allows the iam:PassRole action`,
  );
  may(all, missingIn(reason ?? ''));
  expect(deploy('second').map(({ ResourceStatus }) => ResourceStatus)).toContain('CREATE_COMPLETE');
});

test('a security group that does not admit the load balancer makes its targets time out', async () => {
  const world = await startWorld(1, example);
  const { lab } = world;
  const [binding] = world.service()?.loadBalancers ?? [];
  const health = () =>
    lab.elbv2
      .describeTargetHealth({ TargetGroupArn: binding?.targetGroupArn ?? '' })
      .TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth);
  expect(health()).toMatchObject([{ State: 'healthy' }]);
  const [GroupId = ''] = world.service()?.networkConfiguration?.awsvpcConfiguration?.securityGroups ?? [];
  const { SecurityGroups: [group] = [] } = lab.ec2.describeSecurityGroups({ GroupIds: [GroupId] });
  const IpPermissions = group?.IpPermissions ?? [];
  lab.ec2.revokeSecurityGroupIngress({ GroupId, IpPermissions });
  await world.time.until(() => health()?.some((one) => one?.State === 'unhealthy') ?? false, 5 * minute);
  expect(health()).toContainEqual({ State: 'unhealthy', Reason: 'Target.Timeout', Description: 'Request timed out' });
  lab.ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions });
  expect(await world.time.until(() => health()?.some((one) => one?.State === 'healthy') ?? false, 10 * minute)).toBe(
    true,
  );
});
