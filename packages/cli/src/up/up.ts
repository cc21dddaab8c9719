import { CloudFormationClient, type StackEvent } from '@aws-sdk/client-cloudformation';
import { Failed } from '../render-error.ts';
import { admin, clientOptions, engineStatus, type Session } from '../session.ts';
import { readAssembly } from './assembly.ts';
import { type Deployment, deployStack } from './deploy.ts';
import { type FailedTask, FailureWatch } from './failure-watch.ts';
import { ProgressView } from './progress-view.ts';
import { publish } from './publish.ts';
import { firstFailures } from './stack-progress.ts';
import { type AppOptions, synthesize } from './synthesize.ts';

/** Synthesises an app, publishes its assets and deploys its stacks, each after those it depends on. Fails when any of them does not come to what the app says. */
export async function upVerb(session: Session, options: AppOptions): Promise<void> {
  const { terminal } = session;
  const status = await engineStatus(session);
  terminal.err('synthesising …\n');
  const directory = await synthesize(session, options, status.account);
  const assembly = readAssembly(directory, { account: status.account, region: session.region });
  const published = await publish(session, assembly);
  terminal.err(
    `published ${published.files} of ${assembly.files.length} files and ${published.images} of ${assembly.images.length} images; the rest was there\n`,
  );
  const client = new CloudFormationClient(clientOptions(session));
  const outcomes = [];
  for (const stack of assembly.stacks) {
    const view = new ProgressView(terminal, assembly.descriptions);
    const watch = new FailureWatch(session, await lastEvent(session));
    const deployment = await deployStack(session, client, stack, async (root, nested) => {
      view.show(root, nested, (await engineStatus(session)).now);
    }).finally(() => watch.end());
    outcomes.push({ name: stack.name, ...summaryOf(deployment) });
    if (deployment.kind === 'failed') {
      terminal.err(renderFailure(stack.name, deployment, watch.failed));
      throw new Failed();
    }
    if (deployment.kind === 'unchanged') terminal.err(`${stack.name} is as the app says: no changes\n`);
  }
  await tellOutcome(session, outcomes);
}

/** The newest event there is: what comes after it belongs to this deployment. */
async function lastEvent(session: Session): Promise<number> {
  const { events } = await admin<{ events: { sequence: number }[] }>(session, 'events/newest');
  return events[0]?.sequence ?? 0;
}

const summaryOf = ({ kind, stack }: Deployment) => ({
  outcome: kind,
  status: stack.StackStatus ?? '',
  outputs: Object.fromEntries(
    (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  ),
});

interface Listening {
  readonly loadBalancer: string;
  readonly dnsName: string;
  readonly port: number;
  readonly address: string;
}

async function tellOutcome(
  session: Session,
  stacks: readonly ({ name: string } & ReturnType<typeof summaryOf>)[],
): Promise<void> {
  const { listeners } = await admin<{ listeners: Listening[] }>(session, 'listeners');
  if (session.json) {
    session.terminal.out(`${JSON.stringify({ stacks, listeners })}\n`);
    return;
  }
  const outputs = stacks.flatMap(({ name, outputs }) =>
    Object.entries(outputs).map(([key, value]) => `  ${name}.${key} = ${value}`),
  );
  session.terminal.out(
    [
      ...stacks.map(({ name, status }) => `${name}: ${status}`),
      ...outputs,
      ...listeners.map(({ loadBalancer, port, address }) => `${loadBalancer}:${port} answers at ${address}`),
    ]
      .join('\n')
      .concat('\n'),
  );
}

/** What failed first and what the failing containers last said: the causes, not all that followed from them. */
export function renderFailure(
  name: string,
  { stack, events }: { stack: { StackStatus?: string }; events: readonly StackEvent[] },
  failed: readonly FailedTask[],
): string {
  const causes = firstFailures(events)
    .slice(0, 3)
    .map(
      ({ LogicalResourceId, ResourceType, ResourceStatusReason }) =>
        `  ${LogicalResourceId} (${ResourceType}): ${ResourceStatusReason}`,
    );
  // The newest that said anything: the rollback may have been faster than its words.
  const last = failed.findLast(({ logs }) => logs.some(({ lines }) => lines.length > 0)) ?? failed.at(-1);
  const words = last
    ? [
        `  task ${last.task.split('/').at(-1)}: ${last.reason}`,
        ...last.logs.flatMap(({ container, lines }) => lines.map((line) => `    ${container} | ${line}`)),
      ]
    : [];
  const next = [
    '  next: put the cause right in your app, then run `rockpool up` again',
    '  next: rockpool events --type ecs/ shows each step',
  ];
  return [`error: ${name} was not deployed: ${stack.StackStatus}`, ...causes, ...words, ...next, ''].join('\n');
}
