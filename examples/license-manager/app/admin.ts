import type { IncomingMessage, ServerResponse } from 'node:http';
import { problem } from './answer.ts';
import type { Clock } from './clock.ts';
import { pathOf, send } from './http-listener.ts';
import type { Shutdown, ShutdownOutcome } from './shutdown.ts';
import { adminProof, isSame } from './token.ts';

/** What `lm down` asks for. */
export interface DownRequest {
  /** Who asks, for the log. */
  readonly by: string;
  /** How long to wait for the licences, platform seconds. */
  readonly timeout_seconds: number;
  readonly force: boolean;
}

/** The lines of the answer: it waits, and then how it ended. */
export type DownLine = { readonly waitingFor: number } | ShutdownOutcome;

export interface AdminParts {
  readonly signingKey: string;
  readonly clock: Clock;
  readonly shutdown: Shutdown;
  readonly leases: () => number;
}

/**
 * Answers POST /admin/down, one JSON line when it begins and one when it has ended. The answer stays open until `lm` has gone:
 * in a container `lm` dies with the server, and must have said what happened by then.
 */
export function createAdmin({ signingKey, clock, shutdown, leases }: AdminParts) {
  const expected = adminProof(signingKey);
  return (request: IncomingMessage, body: string, response: ServerResponse): void => {
    if (!isLocal(request) || !isSame(request.headers.authorization ?? '', `LM ${expected}`)) {
      send(response, problem(403, 'only lm, run beside the server, may administer it'), { last: false });
      return;
    }
    const wanted = readDownRequest(body);
    if (`${request.method} ${pathOf(request)}` !== 'POST /admin/down' || !wanted) {
      send(response, problem(404, 'send POST /admin/down {"by", "timeout_seconds", "force"}'), { last: false });
      return;
    }
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const say = (line: DownLine) => response.write(`${JSON.stringify(line)}\n`);
    say({ waitingFor: leases() });
    const { by, timeout_seconds, force } = wanted;
    const deadline = clock.now() + timeout_seconds * 1000;
    shutdown.request({ by, kind: 'command', deadline, force }).then((outcome) => {
      say(outcome);
      // Should `lm` hang, the server does not hang with it.
      const given = setTimeout(() => response.end(), 1_000);
      response.once('close', () => clearTimeout(given));
    });
  };
}

/** Behind a load balancer on the same host every client is local, so a forwarded request is refused as well. */
function isLocal(request: IncomingMessage): boolean {
  const address = request.socket.remoteAddress ?? '';
  return /^(::ffff:)?127\.|^::1$/.test(address) && request.headers['x-forwarded-for'] === undefined;
}

function readDownRequest(body: string): DownRequest | undefined {
  try {
    const { by, timeout_seconds, force } = JSON.parse(body);
    if (typeof by !== 'string' || !Number.isFinite(timeout_seconds) || typeof force !== 'boolean') return undefined;
    // The name goes to the log: only what can be read there.
    return { by: by.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 100) || 'lm', timeout_seconds, force };
  } catch {
    return undefined;
  }
}
