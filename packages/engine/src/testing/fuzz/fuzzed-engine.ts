import { rootCaller } from '../../kernel/caller.ts';
import { VirtualClock } from '../../kernel/clock.ts';
import { seededIds } from '../../kernel/ids.ts';
import { Kernel } from '../../kernel/kernel.ts';
import { answer } from '../../wire/answer.ts';
import type { WireRequest, WireResponse } from '../../wire/message.ts';
import { signRequest } from '../../wire/testing/sign-request.ts';
import { allServices } from '../all-services.ts';
import { labScope } from '../lab.ts';
import { memoryJournal } from '../memory.ts';
import { simulatedEdges } from '../simulated-edges.ts';

/** An engine with all of its services that is sent whatever comes, and what it thought were bugs of its own. */
export interface FuzzedEngine {
  readonly kernel: Kernel;
  readonly bugs: string[];
  /** Signs the request as the account's root and has it answered; undefined: there is no answer, however much time passes. */
  ask(request: Unsigned): Promise<WireResponse | undefined>;
  /** Lets the controllers do what they have to do by then. */
  advance(duration_ms: number): void;
}

export interface Unsigned extends Pick<WireRequest, 'method' | 'path' | 'query' | 'headers' | 'body'> {
  readonly service: string;
}

const host = '127.0.0.1:4566';
const hour_ms = 3_600_000;

export function fuzzedEngine(seed: number): FuzzedEngine {
  const clock = new VirtualClock();
  const bugs: string[] = [];
  const onBug = (error: unknown, where: string) =>
    void bugs.push(`${where}: ${error instanceof Error ? error.stack : String(error)}`);
  const services = allServices(simulatedEdges(clock));
  const kernel = new Kernel({ clock, ids: seededIds(seed), journal: memoryJournal(), services, onBug });
  kernel.start();
  furnish(kernel);
  return {
    kernel,
    bugs,
    advance: (duration_ms) => clock.advance(duration_ms),
    async ask({ service, ...request }) {
      const path = request.query ? `${request.path}?${request.query}` : request.path;
      const signature = signRequest({ ...request, path, host, service, region: labScope.region });
      const answered = answer({ ...request, headers: { ...request.headers, ...signature, host } }, { kernel, onBug });
      if (!(answered instanceof Promise)) return answered;
      return Promise.race([answered, afterLong(clock)]);
    },
  };
}

/** Things of the names that random inputs have, so that more of them get further than "not found". */
function furnish(kernel: Kernel): void {
  const context = kernel.context(labScope, rootCaller(labScope.account));
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
  });
  kernel.turn(() => {
    context.s3.createBucket({ Bucket: 'fuzzed' });
    context.ecs.createCluster({ clusterName: 'default' });
    context.ec2.createVpc({ CidrBlock: '10.0.0.0/16' });
    for (const name of ['a', 'web']) {
      context.iam.createRole({ RoleName: name, AssumeRolePolicyDocument: document });
      context.iam.createUser({ UserName: name });
      context.iam.createGroup({ GroupName: name });
      context.ecs.createCluster({ clusterName: name });
      context.ecs.registerTaskDefinition({
        family: name,
        networkMode: 'awsvpc',
        containerDefinitions: [{ name: 'app', image: 'example.com/web:1', memory: 128 }],
      });
      context.logs.createLogGroup({ logGroupName: name });
      context.ssm.putParameter({ Name: name, Value: 'x', Type: 'String' });
      context.sns.createTopic({ Name: name });
      context.eventBridge.putRule({ Name: name, ScheduleExpression: 'rate(5 minutes)' });
    }
  });
  const origin = { scope: labScope, caller: rootCaller(labScope.account) };
  const TemplateBody = '{"Resources":{"T":{"Type":"AWS::SNS::Topic"}}}';
  for (const StackName of ['a', 'web'])
    kernel.request('cloudFormation', 'CreateStack', { StackName, TemplateBody }, origin);
}

/** A handler that waits has its hours, and then some turns of the event loop for what is left. */
async function afterLong(clock: VirtualClock): Promise<undefined> {
  for (let hours = 0; hours < 24; hours++) {
    for (let turns = 0; turns < 20; turns++) await new Promise<void>((resolve) => setImmediate(resolve));
    clock.advance(hour_ms);
  }
  return undefined;
}
