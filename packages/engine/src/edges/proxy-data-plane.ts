import { type ProxyReport, startProxy } from '@rockpool/proxy';
import type { Clock } from '../kernel/clock.ts';
import type { DataPlane, ProbeResult } from '../services/elbv2/data-plane.ts';

/** The load balancers' data plane as real sockets, in threads of its own. */
export function proxyDataPlane({
  clock,
  onBug,
}: {
  readonly clock: Clock;
  readonly onBug: (error: unknown, where: string) => void;
}): DataPlane {
  const probes = new Map<string, (result: ProbeResult) => void>();
  const idle: Parameters<DataPlane['onIdle']>[0][] = [];
  let count = 0;
  const hear = (report: ProxyReport) => {
    if (report.kind === 'probe') {
      const { kind: _, probeId, ...result } = report;
      const done = probes.get(probeId);
      probes.delete(probeId);
      done?.(result);
    } else if (report.kind === 'target-idle') for (const listener of idle) listener(report);
    else if (report.kind === 'worker-replaced') onBug(new Error(report.message), 'the load balancer');
  };
  const proxy = startProxy({ onReport: hear });
  // The proxy lives in the machine's time: a moment of the platform's is so long ago in real time.
  const toReal_ms = (time: number) => Date.now() - (clock.now() - time) / clock.speed;
  return {
    apply(table, done) {
      const targetGroups = table.targetGroups.map((group) => ({
        ...group,
        targets: group.targets.map((target) =>
          target.since_ms === undefined ? target : { ...target, since_ms: toReal_ms(target.since_ms) },
        ),
      }));
      proxy.apply({ ...table, targetGroups }).then(
        ({ listeners }) => done(listeners),
        (error: unknown) => {
          onBug(error, 'the routing table');
          done([]);
        },
      );
    },
    probe(probe, done) {
      const probeId = String(++count);
      probes.set(probeId, done);
      proxy.probe({ ...probe, probeId });
    },
    takeCounts(done) {
      proxy.takeCounts().then(done, (error: unknown) => onBug(error, "the load balancer's counts"));
    },
    onIdle: (listener) => void idle.push(listener),
    close: () => proxy.close(),
  };
}
