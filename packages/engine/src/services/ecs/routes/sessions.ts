import { type WebSocket, WebSocketServer } from 'ws';
import type { Cancel, Clock } from '../../../kernel/clock.ts';
import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import type { HttpRoute, Root } from '../../../kernel/service.ts';
import { type SessionRow, sessions } from '../model.ts';
import type { Agent } from '../ports.ts';
import { SessionChannel } from './session-channel.ts';

const path = /^\/v1\/data-channel\/(ecs-execute-command-[0-9a-f]+)(?:\?|$)/;

/** Where session-manager-plugin, or any client that speaks its protocol, joins a session of ExecuteCommand. */
export function sessionRoute(agent: Agent): HttpRoute & { close(): void } {
  const server = new WebSocketServer({ noServer: true, maxPayload: 1_048_576 });
  return {
    name: 'ecs/sessions',
    matches: (request) => path.test(request.path),
    handle(_request, response) {
      response.writeHead(426, { upgrade: 'websocket' }).end('this is a session stream: join it with a WebSocket\n');
    },
    upgrade(request, socket, head, root) {
      const [, sessionId = ''] = path.exec(request.url ?? '') ?? [];
      const session = take(root, sessionId);
      if (!session) {
        socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, (client) => serve(client, session, root, agent));
    },
    close() {
      for (const client of server.clients) client.terminate();
    },
  };
}

/** A session is joined once. */
function take(root: Root, sessionId: string): SessionRow | undefined {
  return root.in({ account: '', region: '' }).turn(({ store }) => {
    const session = store.table(sessions).get(sessionId);
    store.table(sessions).delete(sessionId);
    return session;
  });
}

function serve(client: WebSocket, session: SessionRow, root: Root, agent: Agent): void {
  const context = asService(root.in(session), 'ecs');
  const channel = new SessionChannel(session, {
    send: (bytes) => client.send(bytes),
    close: () => client.close(),
    now: () => context.now,
    uuid: () => context.ids.uuid('session-message'),
    later: (delay_ms, action) => laterIn(agent.clock, delay_ms, action),
    open: (to) =>
      agent.runtime.open(session.containerId, session.command, {
        output: to.output,
        ended(exitCode) {
          context.report((later) => emitEnd(session, exitCode, later));
          to.ended(exitCode);
        },
      }),
  });
  client.on('message', (data, isBinary) => {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer);
    if (isBinary) channel.receive(bytes);
    else channel.join(bytes.toString());
  });
  client.on('close', () => channel.leave());
  client.on('error', () => channel.leave());
}

/** Real milliseconds, also where the platform's time runs faster. */
function laterIn(clock: Clock, delay_ms: number, action: () => void): Cancel {
  const speed = Number.isFinite(clock.speed) ? clock.speed : 1;
  return clock.at(clock.now() + delay_ms * speed, action);
}

function emitEnd(session: SessionRow, exitCode: number, context: Context): void {
  context.emit({
    type: 'ecs/execute-command-ended',
    subject: session.taskArn,
    message: `"${session.commandText}" in container ${session.containerName} ended with exit code ${exitCode}`,
    data: {
      session: session.sessionId,
      command: session.commandText,
      container: session.containerName,
      exitCode,
      caller: session.caller,
    },
  });
}
