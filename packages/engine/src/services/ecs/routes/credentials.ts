import { timingSafeEqual } from 'node:crypto';
import type { ClockAnchor } from '../../../kernel/clock.ts';
import type { HttpRoute } from '../../../kernel/service.ts';
import { StartFailure } from '../agent/start-failure.ts';
import { credentialsFor } from '../agent/task-credentials.ts';
import type { Agent } from '../ports.ts';
import { answerJson, findByKey } from './endpoint-task.ts';

const path = /^\/credentials\/([0-9a-f]{32})$/;

/** What AWS_CONTAINER_CREDENTIALS_FULL_URI points to: the task role's keys, for those who have the task's token. */
export const credentialsRoute = ({ clock }: Pick<Agent, 'clock'>): HttpRoute => ({
  name: 'ecs/credentials',
  matches: (request) => path.test(request.path),
  handle(request, response, root) {
    const [, key = ''] = path.exec(new URL(request.url ?? '', 'http://agent').pathname) ?? [];
    const found = findByKey(root, key);
    if (!found)
      return answerJson(response, 404, { code: 'InvalidIdInRequest', message: 'unknown task', HTTPErrorCode: 404 });
    if (!isSame(request.headers.authorization ?? '', found.row.endpointToken))
      return answerJson(response, 401, {
        code: 'UnauthorizedAccess',
        message: 'the authorization header is not the token in AWS_CONTAINER_AUTHORIZATION_TOKEN',
        HTTPErrorCode: 401,
      });
    try {
      const keys = found.context.turn((context) => credentialsFor(found.row, context));
      if (!keys)
        return answerJson(response, 404, {
          code: 'NoCredentialsAssociated',
          message: 'the task has no role',
          HTTPErrorCode: 404,
        });
      return answerJson(response, 200, {
        RoleArn: keys.roleArn,
        AccessKeyId: keys.accessKeyId,
        SecretAccessKey: keys.secretAccessKey,
        Token: keys.sessionToken,
        Expiration: realTime(keys.expiresAt_ms, clock.anchor).toISOString(),
      });
    } catch (error) {
      if (!(error instanceof StartFailure)) throw error;
      return answerJson(response, 400, { code: 'NoCredentialsAssociated', message: error.message, HTTPErrorCode: 400 });
    }
  },
});

/** The SDK in the container compares with the machine's clock, which an accelerated platform runs ahead of. */
export function realTime(platform_ms: number, anchor: ClockAnchor | undefined): Date {
  if (!anchor) return new Date(platform_ms);
  return new Date(Math.floor(anchor.real_ms + (platform_ms - anchor.platform_ms) / anchor.speed));
}

const isSame = (given: string, token: string): boolean =>
  given.length === token.length && timingSafeEqual(Buffer.from(given), Buffer.from(token));
