import type { Session as EcsSession, Task } from '@aws-sdk/client-ecs';
import { UserError } from '@rockpool/engine/user-error';
import { Failed } from '../render-error.ts';
import { engineStatus, type Session } from '../session.ts';
import { newestEvent, readEvents } from './event-log.ts';
import { pickTasks } from './plan-log-view.ts';
import { connectEcs, type FoundService, nameOf, requireService } from './services.ts';
import { commandLine } from './session-command.ts';
import { readTasks } from './tasks.ts';

export interface ExecOptions {
  readonly container?: string;
  readonly task?: string;
}

/** Runs a command in a container and prints what it prints. Fails with the command's own exit code where that is told. */
export async function execVerb(
  session: Session,
  name: string,
  words: readonly string[],
  options: ExecOptions,
): Promise<void> {
  await engineStatus(session);
  const ecs = connectEcs(session);
  const service = await requireService(ecs, name);
  const tasks = await readTasks(ecs, { cluster: service.cluster, serviceName: service.name });
  const task = pickRunning(service, tasks, options.task);
  const { taskDefinition } = await ecs.describeTaskDefinition({ taskDefinition: task.taskDefinitionArn ?? '' });
  const container = pickContainer(taskDefinition?.containerDefinitions ?? [], options.container);
  const before = await newestEvent(session);
  const answer = await ecs.executeCommand({
    cluster: service.cluster,
    task: task.taskArn ?? '',
    container,
    command: commandLine(words),
    interactive: true,
  });
  const { output, ...ended } = await join(session, answer.session ?? {});
  const exitCode = ended.exitCode ?? (await toldExitCode(session, answer.session ?? {}, before));
  if (session.json)
    session.terminal.out(`${JSON.stringify({ task: nameOf(task.taskArn), container, output, exitCode })}\n`);
  if (exitCode !== undefined && exitCode !== 0) throw new Failed(exitCode);
}

/** Follows the command to its end, however long it takes. */
async function join(session: Session, { streamUrl = '', tokenValue = '' }: EcsSession) {
  const { followSession } = await import('@rockpool/constructs/functions');
  try {
    return await followSession(
      { streamUrl, tokenValue },
      {
        timeout: new Promise(() => {}),
        now: Date.now,
        log: () => {},
        ...(session.json ? {} : { heard: (text: string) => session.terminal.out(text) }),
      },
    );
  } catch (cause) {
    throw new UserError('SessionNotJoined', cause instanceof Error ? cause.message : String(cause), {
      next: ['run it again: a task that was just stopping takes no command'],
      cause,
    });
  }
}

/** The protocol of these sessions has no exit code, but the engine tells of it. */
async function toldExitCode(session: Session, { sessionId }: EcsSession, after: number): Promise<number | undefined> {
  const ends = await readEvents(session, { after, type: 'ecs/execute-command-ended' });
  const code = ends.find(({ data }) => data['session'] === sessionId)?.data['exitCode'];
  return typeof code === 'number' ? code : undefined;
}

type RunningTask = Pick<Task, 'taskArn' | 'taskDefinitionArn' | 'lastStatus'>;

/** Any running task, or the one that was asked for as long as it has not stopped. */
export function pickRunning<Found extends RunningTask>(
  { name }: Pick<FoundService, 'name'>,
  tasks: readonly Found[],
  asked: string | undefined,
): Found {
  const running = tasks.filter(({ lastStatus }) =>
    asked === undefined ? lastStatus === 'RUNNING' : lastStatus !== 'STOPPED',
  );
  const [task] = pickTasks(asked, running);
  if (task) return task;
  throw new UserError('NoRunningTask', `no task of ${name} is running`, {
    next: [`rockpool why ${name} tells how many it should have`, `rockpool logs ${name} shows what the last ones said`],
  });
}

/** The container that was asked for, or the first that the task cannot do without. */
export function pickContainer(
  containers: readonly { readonly name?: string; readonly essential?: boolean }[],
  asked: string | undefined,
): string {
  const names = containers.map(({ name = '' }) => name);
  const found = asked ?? (containers.find(({ essential }) => essential !== false) ?? containers[0])?.name;
  if (found !== undefined && names.includes(found)) return found;
  throw new UserError('ContainerNotFound', `there is no container "${asked}"`, {
    next: [`there is ${names.join(', ')}`],
  });
}
