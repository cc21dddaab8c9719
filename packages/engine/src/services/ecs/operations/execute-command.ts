import type { Context } from '../../../kernel/context.ts';
import { runOf } from '../agent/container-run.ts';
import { commandWords } from '../command-words.ts';
import { invalidParameter } from '../errors.ts';
import { requireCluster, requireTask } from '../find-rows.ts';
import type { Handler } from '../handler.ts';
import { type ContainerRun, type SessionRow, sessions, type TaskRow } from '../model.ts';
import { type Agent, containerId } from '../ports.ts';

/** A session that no client has joined by then is void. */
const joinable_ms = 5 * 60_000;

const notReady = () =>
  invalidParameter(
    'The execute command failed because execute command was not enabled when the task was run or the execute command agent isn’t running. Wait and try again or run a new task with execute command enabled and try again.',
  );

/**
 * Opens a session for a command in a container. The command starts when the client joins the session's stream. As long as the container
 * runs it is accepted, also while its task drains or stops.
 */
export const executeCommand =
  (agent: Agent): Handler<'ExecuteCommand'> =>
  ({ cluster, task, container, command, interactive }, context) => {
    const { clusterArn } = requireCluster(context, cluster);
    const row = requireTask(context, clusterArn, task);
    if (!interactive) throw invalidParameter('Interactive is the only mode supported currently.');
    const words = commandWords(command);
    if (words.length === 0) throw invalidParameter('Command cannot be empty.');
    const run = requireContainer(row, container);
    if (!row.task.enableExecuteCommand || run.phase !== 'running') throw notReady();
    const session = createSession({ row, run, words, command }, context);
    return {
      clusterArn,
      taskArn: row.task.taskArn,
      containerArn: run.containerArn,
      containerName: run.name,
      interactive,
      session: {
        sessionId: session.sessionId,
        streamUrl: `${agent.endpoint().replace(/^http/, 'ws')}/v1/data-channel/${session.sessionId}?role=publish_subscribe`,
        tokenValue: session.token,
      },
    };
  };

function requireContainer(row: TaskRow, name: string | undefined): ContainerRun {
  if (name === undefined && row.containers.length > 1)
    throw invalidParameter('The container name must be specified when the task has more than one container.');
  const run = name === undefined ? row.containers[0] : runOf(row, name);
  if (!run) throw invalidParameter(`The container ${name} was not found in the task.`);
  return run;
}

function createSession(
  { row, run, words, command }: { row: TaskRow; run: ContainerRun; words: string[]; command: string },
  context: Context,
): SessionRow {
  const table = context.store.table(sessions);
  for (const old of table.list(({ createdAt_ms }) => context.now - createdAt_ms > joinable_ms))
    table.delete(old.sessionId);
  const sessionId = `ecs-execute-command-${context.ids.hex('session', 17)}`;
  const session = table.put(sessionId, {
    sessionId,
    token: context.ids.hex('session-token', 64),
    ...context.scope,
    taskArn: row.task.taskArn,
    containerName: run.name,
    containerId: containerId(row.taskId, run),
    command: words,
    commandText: command,
    caller: context.caller.arn,
    createdAt_ms: context.now,
  });
  context.emit({
    type: 'ecs/execute-command',
    subject: row.task.taskArn,
    message: `${context.caller.arn} runs "${command}" in container ${run.name} of task ${row.taskId}`,
    data: { session: sessionId, command, container: run.name, caller: context.caller.arn },
  });
  return session;
}
