import { join } from 'node:path';
import { startChild } from './child.ts';
import { hammer, requestBytes } from './hammer.ts';
import { atLeastShare, byTurns, type Row } from './row.ts';

const rounds = 7;
const round_ms = 1000;
const connections = 50;

/** Small requests on a pool of kept connections: through the load balancer, and to its target directly. */
export async function traffic(): Promise<Row[]> {
  const script = (name: string) => join(import.meta.dirname, name);
  const echo = await startChild(script('echo-server.ts'));
  const proxy = await startChild(script('proxy-server.ts'), String(echo.port));
  try {
    const bytes = requestBytes('GET', '/health', { Accept: '*/*' });
    const ask = (port: number) => () => hammer({ port, bytes }, connections, round_ms);
    await ask(echo.port)();
    await ask(proxy.port)();
    const ratio = await byTurns(rounds, ask(proxy.port), ask(echo.port));
    return [atLeastShare(`load balancer, ${connections} connections, of its target's own rate`, ratio, 40)];
  } finally {
    await proxy.end();
    await echo.end();
  }
}
