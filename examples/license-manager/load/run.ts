import { parseArgs } from 'node:util';
import { startLoad } from './load.ts';

const help = `Puts clients to work on a licence service until interrupted, and tells what they saw.

  node run.ts --url URL [--clients N] [--speed N] [--host NAME]
  Example: node run.ts --url http://127.0.0.1:8080 --clients 40

  --clients  how many, default 10
  --speed    platform seconds in a real one, default 1
  --host     the Host header, for a load balancer that is found by it
Exit codes: 0 no request failed, 1 some did, 2 not understood.
`;

const { url, clients, speed, host } = readArguments();
const load = startLoad({ url, clients, speed, ...(host ? { headers: { host } } : {}) });

let told = 0;
const report = setInterval(() => {
  const { requests, failed, denied, moves, failures } = load.counters();
  process.stdout.write(`${JSON.stringify({ requests, failed, denied, moves, holding: load.holdingByServer() })}\n`);
  for (const failure of failures.slice(told)) process.stderr.write(`failed: ${JSON.stringify(failure)}\n`);
  told = failures.length;
}, 1_000);

process.once('SIGINT', async () => {
  clearInterval(report);
  const counters = await load.stop();
  process.stdout.write(`${JSON.stringify(counters)}\n`);
  process.exitCode = counters.failed > 0 ? 1 : 0;
});

function readArguments() {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      options: { url: text, clients: text, speed: text, host: text, help: { type: 'boolean' } },
    });
    if (values.help) leave(0, '');
    const [clients, speed] = [Number(values.clients ?? 10), Number(values.speed ?? 1)];
    if (!values.url || !URL.canParse(values.url)) leave(2, `--url is "${values.url ?? ''}", not an address\n\n`);
    else if (!Number.isInteger(clients) || clients < 1)
      leave(2, `--clients is "${values.clients}", not a number of clients\n\n`);
    else if (!(speed > 0)) leave(2, `--speed is "${values.speed}", not a number above 0\n\n`);
    return { url: values.url ?? '', clients, speed, host: values.host };
  } catch (error) {
    return leave(2, `${error instanceof Error ? error.message : error}\n\n`);
  }
}

function leave(exitCode: number, complaint: string): never {
  if (exitCode === 0) process.stdout.write(help);
  else process.stderr.write(complaint + help);
  process.exit(exitCode);
}
