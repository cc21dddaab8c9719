import { wellBehaved } from '../../packages/engine/src/runtimes/simulated/behaviour.ts';
import { createWeb, register, serving, startEcsLab } from '../../packages/engine/src/services/ecs/testing/ecs-lab.ts';
import { atMost, type Row } from './row.ts';

const services = 10;
const tasksEach = 100;
const watched_minutes = 3;

/**
 * What the control loops cost once 1,000 tasks run and nothing changes: each with a health check every ten seconds, measured use of processor
 * and memory, and a target. Under the virtual clock, so the processor time of those minutes is spent in one go.
 */
export function simulatedTasks(): Row[] {
  const world = startEcsLab({
    behave: () => ({
      ...wellBehaved,
      usageEvery_ms: 1000,
      usage: () => ({ cpu_percentOfCore: 10, memory_bytes: 64 * 1024 * 1024 }),
    }),
  });
  const healthCheck = { command: ['CMD', 'true'], interval: 10 };
  const taskDefinition = register(world.lab, 'web', {
    containerDefinitions: [
      { name: 'app', image: 'example.com/web:1', portMappings: [{ containerPort: 8080 }], healthCheck },
    ],
  });
  for (let index = 0; index < services; index++)
    createWeb(world, { serviceName: `web-${index}`, taskDefinition, desiredCount: tasksEach });
  world.lab.advance('5m');
  const running = serving(world).length;
  if (running !== services * tasksEach) throw new Error(`${running} tasks run instead of ${services * tasksEach}`);

  const before = process.cpuUsage();
  world.lab.advance(`${watched_minutes}m`);
  const { user, system } = process.cpuUsage(before);
  const share_percent = ((user + system) / 1000 / (watched_minutes * 60_000)) * 100;
  return [
    atMost(`${running.toLocaleString('en-US')} simulated tasks, settled: of a core at speed 1`, share_percent, 3, '%'),
  ];
}
