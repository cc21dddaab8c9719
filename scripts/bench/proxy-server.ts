import { startProxy } from '../../packages/proxy/src/index.ts';

/** A load balancer with one thread and one target, whose port is the first argument. */
const port = Number(process.argv[2]);
const proxy = startProxy({ workers: 1, onReport: () => {} });
const { listeners } = await proxy.apply({
  version: 1,
  listeners: [
    {
      id: 'listener',
      loadBalancer: 'bench',
      host: '127.0.0.1',
      port: 0,
      protocol: 'HTTP',
      idleTimeout_ms: 60_000,
      rules: [
        {
          id: 'default',
          conditions: [],
          action: { type: 'forward', targetGroups: [{ id: 'echo', weight: 1 }] },
        },
      ],
    },
  ],
  targetGroups: [
    {
      id: 'echo',
      algorithm: 'round_robin',
      slowStart_ms: 0,
      targets: [{ id: 'echo', address: { host: '127.0.0.1', port }, state: 'healthy' }],
    },
  ],
});
process.send?.({ port: listeners[0]?.port });
process.once('SIGTERM', () => process.exit(0));
