import { request } from 'node:http';
import type { DownLine } from './admin.ts';
import { createClock } from './clock.ts';
import { type LmCommand, readCommand, usage } from './lm-command.ts';
import { describeDown, describeStat, type Usage } from './lm-text.ts';
import { SettingError } from './setting-error.ts';
import { readServerAddress, type ServerAddress } from './settings.ts';
import { adminProof } from './token.ts';

/** What is printed, and the exit code. */
interface Result {
  readonly out?: string;
  readonly error?: string;
  readonly exitCode: number;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly timeout_ms: number;
  /** Gets each line as it comes, and says whether it was the last of interest. */
  readonly onLine: (line: string) => boolean;
}

const command = readCommand(process.argv.slice(2));
const { out, error, exitCode } = await run(command).catch(explain);
if (error) process.stderr.write(`lm: ${error}\n`);
// Not a moment longer than needed: `lm down` holds the server's end up until this process is gone.
process.stdout.write(out ?? '', () => process.exit(exitCode));

async function run(asked: LmCommand): Promise<Result> {
  if (asked.do === 'help') return { out: usage, exitCode: 0 };
  if (asked.do === 'complain') return { error: `${asked.about}\n\n${usage}`, exitCode: 2 };
  const server = readServerAddress(process.env);
  if (asked.do === 'down') return down(server, asked);

  let answer = '';
  await call(server, {
    method: 'GET',
    path: '/usage',
    timeout_ms: 4_000,
    onLine(line) {
      answer = line;
      return true;
    },
  });
  const stat: Usage = JSON.parse(answer);
  return { out: asked.json ? `${answer}\n` : describeStat(stat), exitCode: 0 };
}

async function down(server: ServerAddress, asked: LmCommand & { do: 'down' }): Promise<Result> {
  const { timeout_seconds, force, json } = asked;
  const by = asked.by ?? `lm (${process.env['USER'] || `uid ${process.getuid?.() ?? '?'}`})`;
  let last: DownLine | undefined;
  await call(server, {
    method: 'POST',
    path: '/admin/down',
    body: { by, timeout_seconds, force },
    timeout_ms: createClock(process.env).seconds(timeout_seconds) + 10_000,
    onLine(line) {
      const said: DownLine = JSON.parse(line);
      last = said;
      if (!json) process.stdout.write(describeDown(said, timeout_seconds));
      return 'down' in said;
    },
  });
  if (!last || !('down' in last)) return { error: 'the server ended without saying why', exitCode: 1 };
  return { out: json ? `${JSON.stringify(last)}\n` : undefined, exitCode: last.down ? 0 : 1 };
}

/** Asks the server, and resolves when it has said enough. The connection stays open: the process's end closes it. */
function call({ host, port, signingKey }: ServerAddress, { method, path, body, timeout_ms, onLine }: Call) {
  return new Promise<void>((resolve, reject) => {
    const headers = { authorization: `LM ${adminProof(signingKey)}` };
    const sent = request({ host: reachable(host), port, method, path, headers, agent: false, timeout: timeout_ms });
    sent.on('timeout', () => sent.destroy(new Error(`no answer from port ${port} in time`)));
    sent.on('error', reject);
    sent.on('response', async (response) => {
      let text = '';
      try {
        for await (const chunk of response.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
          text += chunk;
          if (response.statusCode !== 200) continue;
          const lines = text.split('\n');
          text = lines.pop() ?? '';
          if (lines.some(onLine)) return resolve();
        }
        if (response.statusCode === 200) resolve();
        else reject(new Error(`the server answered ${response.statusCode}: ${text.trim()}`));
      } catch (failure) {
        reject(failure);
      }
    });
    sent.end(body && JSON.stringify(body));
  });
}

/** A server on all addresses is reached on this host's own. */
function reachable(host: string | undefined): string {
  return !host || host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}

function explain(failure: unknown): Result {
  if (failure instanceof SettingError) return { error: `${failure.message}\n  next: ${failure.next}`, exitCode: 1 };
  const reason = failure instanceof Error ? failure.message : String(failure);
  if (failure instanceof Error && 'code' in failure && failure.code === 'ECONNREFUSED') {
    return {
      error: `no licence server answers: ${reason}\n  next: run lm where the server runs, with its PORT`,
      exitCode: 1,
    };
  }
  return { error: reason, exitCode: 1 };
}
