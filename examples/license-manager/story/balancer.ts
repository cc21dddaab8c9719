import type { SimulatedDataPlane } from '../../../packages/engine/src/testing/simulated-data-plane.ts';
import { chooseTarget, eligibleTargets } from '../../../packages/proxy/src/routing/choose-target.ts';
import type { Target, TargetGroup } from '../../../packages/proxy/src/routing-table.ts';
import type { LicenceServer } from './licence-server.ts';
import type { StoryTime } from './story-time.ts';

/** How a request ended for its client. */
export type Reply<T> =
  | { readonly ok: true; readonly answer: T; readonly server: string }
  | { readonly ok: false; readonly reason: string; readonly server: string | undefined };

export interface Request<T> {
  /** The target that the client's cookie binds it to. */
  readonly bound: string | undefined;
  /** How long the answer takes. */
  readonly takes_ms: number;
  ask(server: LicenceServer): T;
  /** `bound` is what the client's cookie says from now on. */
  done(reply: Reply<T>, bound: string | undefined): void;
}

export interface BalancerParts {
  readonly time: StoryTime;
  /** The table in force; undefined while nobody listens. */
  dataPlane(): SimulatedDataPlane | undefined;
  serverAt(port: number): LicenceServer | undefined;
  /** Told of every request that is handed to a server. */
  sent(taskId: string): void;
}

interface Route {
  readonly group: TargetGroup;
  readonly target: Target;
  readonly server: LicenceServer;
}

interface UnderWay {
  readonly server: LicenceServer;
  readonly fail: (reason: string) => void;
}

/** The load balancer's traffic: it obeys the table in force by the proxy's own rules, and its requests take time. */
export class Balancer {
  readonly #parts: BalancerParts;
  readonly #inFlight = new Map<string, number>();
  readonly #underWay = new Set<UnderWay>();
  #turn = 0;

  constructor(parts: BalancerParts) {
    this.#parts = parts;
  }

  send<T>(request: Request<T>): void {
    const group = this.#group();
    const target = group && this.#choose(group, request.bound);
    const server = target && this.#parts.serverAt(target.address.port);
    if (group && target && server) this.#handOver(request, { group, target, server });
    else {
      const reason = target ? `${target.id} refused` : group ? 'no target takes requests' : 'nobody listens';
      request.done({ ok: false, reason, server: undefined }, request.bound);
    }
  }

  #handOver<T>(request: Request<T>, { group, target, server }: Route): void {
    const { taskId } = server;
    this.#parts.sent(taskId);
    server.begin();
    const answer = request.ask(server);
    if (request.takes_ms === 0) {
      request.done({ ok: true, answer, server: taskId }, target.id);
      server.answered();
      return;
    }
    const end = (reply: Reply<T>) => {
      if (!this.#underWay.delete(underWay)) return;
      this.#count(group, target, -1);
      request.done(reply, target.id);
      if (reply.ok) server.answered();
    };
    const underWay: UnderWay = { server, fail: (reason) => end({ ok: false, reason, server: taskId }) };
    this.#underWay.add(underWay);
    this.#count(group, target, 1);
    this.#parts.time.after(request.takes_ms, () => end({ ok: true, answer, server: taskId }));
  }

  /** The server's process has ended: what it was still working on breaks. */
  broken(taskId: string): void {
    for (const { server, fail } of [...this.#underWay]) if (server.taskId === taskId) fail('the connection broke');
  }

  /** The balancer itself is gone, with every connection through it. */
  cut(): void {
    for (const { fail } of [...this.#underWay]) fail('the load balancer is gone');
    this.#inFlight.clear();
  }

  /** The service has the one target group. */
  #group(): TargetGroup | undefined {
    return this.#parts.dataPlane()?.table?.targetGroups[0];
  }

  #choose(group: TargetGroup, bound: string | undefined): Target | undefined {
    const eligible = eligibleTargets(group.targets.filter(({ blocked }) => !blocked));
    const sticky = eligible.find(({ id }) => id === bound);
    if (sticky) return sticky;
    return chooseTarget(
      eligible.map((target) => ({ ...target, inFlight: this.#inFlight.get(target.id) ?? 0 })),
      {
        algorithm: group.algorithm,
        slowStart_ms: group.slowStart_ms,
        now_ms: this.#parts.time.now(),
        turn: this.#turn++,
        random: 0,
      },
    );
  }

  #count({ id: targetGroup }: TargetGroup, { id: target }: Target, by: 1 | -1): void {
    const count = Math.max(0, (this.#inFlight.get(target) ?? 0) + by);
    this.#inFlight.set(target, count);
    // The data plane only wants to know whether there is anything.
    if (count <= 1) this.#parts.dataPlane()?.setInFlight({ targetGroup, target }, count);
  }
}
