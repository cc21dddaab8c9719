import type { Counts, RoutingTable, Target, TargetKey } from '@rockpool/proxy';
import type { Clock } from '../kernel/clock.ts';
import type { DataPlane, ProbeResult } from '../services/elbv2/data-plane.ts';

/** Traffic without sockets: it obeys tables as the proxy does, and the test says what targets answer and what is in flight. */
export interface SimulatedDataPlane extends DataPlane {
  /** The table in force. */
  readonly table: RoutingTable | undefined;
  /** What a target answers to a probe; healthy (200) unless a test says otherwise. */
  answerProbes(answer: (address: { host: string; port: number }, path: string) => ProbeResult): void;
  /** How many requests a target works on. Setting it to 0 lets a draining one go. */
  setInFlight(target: TargetKey, count: number): void;
  /** Targets that would get new requests now, as `<private address>:<port>`. */
  serving(targetGroup: string): string[];
  count(counts: Partial<Counts>): void;
}

const latency_ms = 5;

export function simulatedDataPlane({ clock }: { readonly clock: Clock }): SimulatedDataPlane {
  const inFlight = new Map<string, number>();
  const idle: Parameters<DataPlane['onIdle']>[0][] = [];
  const key = ({ targetGroup, target }: TargetKey) => `${targetGroup}|${target}`;
  let table: RoutingTable | undefined;
  let counted: Partial<Counts> = {};
  let ports = 20_000;
  let answer = (_address: { host: string; port: number }, _path: string): ProbeResult => ({ status: 200, latency_ms });
  const tellIdle = () => {
    for (const group of table?.targetGroups ?? [])
      for (const target of group.targets)
        if (target.state === 'draining' && !inFlight.get(key({ targetGroup: group.id, target: target.id })))
          for (const listener of idle)
            listener({ targetGroup: group.id, target: target.id, version: table?.version ?? 0 });
  };
  const later = (action: () => void) => void clock.at(clock.now() + latency_ms, action);
  return {
    get table() {
      return table;
    },
    apply(next, done) {
      later(() => {
        table = next;
        done(next.listeners.map(({ id, host, port }) => ({ id, host, port: port || ports++ })));
        tellIdle();
      });
    },
    probe(probe, done) {
      if (probe.blocked) return void clock.at(clock.now() + 1000, () => done({ error: 'timeout', latency_ms: 1000 }));
      return later(() => done(answer(probe.address, probe.path ?? '/')));
    },
    takeCounts(done) {
      const taken = { period_ms: 60_000, listeners: [], targets: [], ...counted };
      counted = {};
      later(() => done(taken));
    },
    onIdle: (listener) => void idle.push(listener),
    close: async () => {},
    answerProbes: (next) => {
      answer = next;
    },
    setInFlight(target, count) {
      inFlight.set(key(target), count);
      later(tellIdle);
    },
    serving(id) {
      const targets = table?.targetGroups.find((group) => group.id === id)?.targets ?? [];
      return targets
        .filter((target: Target) => target.state === 'healthy' && !target.blocked)
        .map((target) => target.id);
    },
    count: (counts) => {
      counted = counts;
    },
  };
}
