import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A server of moto's, which is somebody else's idea of AWS. */
export interface MotoServer {
  readonly port: number;
  end(): void;
}

/** Its version; undefined where it is not installed. */
export function motoVersion(): string | undefined {
  const { status, stdout } = spawnSync('python3', ['-c', 'import moto.server; print(moto.__version__)'], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : undefined;
}

/** Starts one for an account that has nothing yet. */
export async function startMoto(account = '000000000000'): Promise<MotoServer> {
  const port = await freePort();
  const process_ = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    env: { ...process.env, MOTO_ACCOUNT_ID: account },
  });
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/moto-api/`).catch(() => undefined);
    if (answer?.ok) return { port, end: () => void process_.kill('SIGTERM') };
    await wait(100);
  }
  process_.kill('SIGTERM');
  throw new Error('moto server does not start');
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
