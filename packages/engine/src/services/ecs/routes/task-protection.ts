import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Caller } from '../../../kernel/caller.ts';
import type { HttpRoute } from '../../../kernel/service.ts';
import { taskRoleOf } from '../agent/task-credentials.ts';
import { lastPart } from '../arns.ts';
import { answerJson, type EndpointTask, findContainer, readBody } from './endpoint-task.ts';

const path = /^\/api\/([0-9a-f]{32}-\d+)\/task-protection\/v1\/state$/;

/** What `$ECS_AGENT_URI/task-protection/v1/state` is: a task's own protection, read and set with its role. */
export const taskProtectionRoute: HttpRoute = {
  name: 'ecs/task-protection',
  matches: (request) => path.test(request.path),
  async handle(request, response, root) {
    const [, id = ''] = path.exec(new URL(request.url ?? '', 'http://agent').pathname) ?? [];
    const found = findContainer(root, id);
    if (!found)
      return answerJson(response, 404, {
        error: { Code: 'ResourceNotFoundException', Message: 'Failed to find a task for the request' },
      });
    const body = request.method === 'PUT' ? await readBody(request) : '';
    const { status, content } = answerRequest(found, request.method, body);
    answerJson(response, status, content);
  },
};

interface Answer {
  readonly status: number;
  readonly content: object;
}

function answerRequest(found: EndpointTask, method: string | undefined, body: string): Answer {
  const { taskArn } = found.row.task;
  const failed = (status: number, Code: string, Message: string): Answer => ({
    status,
    content: { error: { Arn: taskArn, Code, Message } },
  });
  const roleArn = taskRoleOf(found.row, found.context);
  if (!roleArn)
    return failed(403, 'AccessDeniedException', 'Invalid Request: no task IAM role credentials available for task');
  if (method !== 'GET' && method !== 'PUT')
    return failed(405, 'InvalidParameterException', `${method} is not supported`);
  const wanted = method === 'PUT' ? parse(body) : undefined;
  if (wanted === null)
    return failed(400, 'InvalidParameterException', 'Invalid request: does not contain ProtectionEnabled field');
  try {
    return { status: 200, content: ask(found, roleArn, wanted) };
  } catch (error) {
    if (!isAwsError(error)) throw error;
    return failed(error.status, error.code, error.message);
  }
}

interface Wanted {
  readonly ProtectionEnabled: boolean;
  readonly ExpiresInMinutes?: number;
}

/** Null for what is no request. */
function parse(body: string): Wanted | null {
  try {
    const content = JSON.parse(body) as Partial<Wanted> | null;
    if (typeof content?.ProtectionEnabled !== 'boolean') return null;
    const { ProtectionEnabled, ExpiresInMinutes } = content;
    return {
      ProtectionEnabled,
      ...(ExpiresInMinutes === undefined ? {} : { ExpiresInMinutes: Number(ExpiresInMinutes) }),
    };
  } catch {
    return null;
  }
}

function ask({ context, row }: EndpointTask, roleArn: string, wanted: Wanted | undefined): object {
  const { taskArn, clusterArn } = row.task;
  const ofTask = { cluster: clusterArn, tasks: [taskArn] };
  const { protectedTasks = [], failures = [] } = context.turn((turn) => {
    const { ecs } = turn.as(taskCaller(row.taskId, roleArn, turn.scope.account));
    if (!wanted) return ecs.getTaskProtection(ofTask);
    return ecs.updateTaskProtection({
      ...ofTask,
      protectionEnabled: wanted.ProtectionEnabled,
      ...(wanted.ExpiresInMinutes === undefined ? {} : { expiresInMinutes: wanted.ExpiresInMinutes }),
    });
  });
  const [failure] = failures;
  if (failure) return { failure: { Arn: failure.arn, Detail: failure.detail ?? null, Reason: failure.reason } };
  const [{ protectionEnabled = false, expirationDate = undefined } = {}] = protectedTasks;
  return {
    protection: {
      ExpirationDate: expirationDate?.toISOString() ?? null,
      ProtectionEnabled: protectionEnabled,
      TaskArn: taskArn,
    },
  };
}

const taskCaller = (taskId: string, roleArn: string, account: string): Caller => ({
  kind: 'role',
  account,
  arn: `arn:aws:sts::${account}:assumed-role/${lastPart(roleArn)}/${taskId}`,
  userId: `${lastPart(roleArn)}:${taskId}`,
});
