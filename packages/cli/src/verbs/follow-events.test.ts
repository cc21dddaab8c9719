import { expect, test } from 'vitest';
import { eventsVerb } from './events.ts';
import { startLabPlatform } from './testing/lab-platform.ts';

test('events are followed: what has happened, then what happens, until the engine ends', async () => {
  const { lab, endpoint, close } = await startLabPlatform();
  lab.ecs.createCluster({ clusterName: 'first' });
  lab.logs.createLogGroup({ logGroupName: '/not-asked-for' });
  const printed: string[] = [];
  const told: string[] = [];
  const then = [() => lab.ecs.createCluster({ clusterName: 'second' }), close];
  const terminal = {
    out: (text: string) => {
      printed.push(text);
      setImmediate(() => void then.shift()?.());
    },
    err: (text: string) => void told.push(text),
    interactive: false,
    columns: 100,
    ask: async () => undefined,
  };
  await eventsVerb(
    { terminal, endpoint, region: 'us-east-1', json: false },
    { follow: true, since: '0', type: 'ecs/' },
  );
  expect(printed).toEqual([
    '2026-01-05 09:00:00  ecs/cluster-created               cluster first created  (root)\n',
    '2026-01-05 09:00:00  ecs/cluster-created               cluster second created  (root)\n',
  ]);
  expect(told).toEqual(['the engine has ended, and with it its events\n']);
});
