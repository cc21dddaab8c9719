import { execFile, execFileSync } from 'node:child_process';
import type { Processes, ProcessRow } from './processes.ts';

/** Processes as `ps` lists them, where there is no /proc (macOS). */
export const ps: Processes = {
  find(pid) {
    const started = run(['-o', 'stat=,lstart=', '-p', String(pid)])?.trim() ?? '';
    const [state = '', ...startTime] = started.split(/\s+/);
    return state && !state.startsWith('Z') ? { pid, startTime: startTime.join(' ') } : undefined;
  },
  async list(groups) {
    const text = await runLater(['-axo', 'pid=,pgid=,stat=,rss=,time=,lstart=']);
    return text
      .split('\n')
      .flatMap(parseRow)
      .filter((row) => groups.has(row.group));
  },
  marked: async () => [],
  parse(record) {
    const [pid = '', ...startTime] = record.trim().split(/\s+/);
    return startTime.length > 0 ? { pid: Number(pid), startTime: startTime.join(' ') } : undefined;
  },
};

export function parseRow(line: string): ProcessRow[] {
  const [pid, group, state = '', rss, time = '', ...startTime] = line.trim().split(/\s+/);
  if (startTime.length === 0 || state.startsWith('Z')) return [];
  return [
    {
      pid: Number(pid),
      group: Number(group),
      startTime: startTime.join(' '),
      cpu_ms: parseTime(time),
      memory_bytes: Number(rss) * 1024,
    },
  ];
}

/** `[days-][hours:]minutes:seconds[.hundredths]` */
function parseTime(time: string): number {
  const [days, clock = ''] = time.includes('-') ? time.split('-') : ['0', time];
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1000);
}

/** Dates in one language, whatever the user's. */
const environment = () => ({ PATH: process.env['PATH'], LC_ALL: 'C' });

function run(options: string[]): string | undefined {
  try {
    return execFileSync('ps', options, { encoding: 'utf8', env: environment(), stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    // `ps` exits with 1 when there is no such process.
    return undefined;
  }
}

const runLater = (options: string[]): Promise<string> =>
  new Promise((resolve) => {
    execFile('ps', options, { env: environment(), maxBuffer: 16 * 1024 * 1024 }, (_error, text) => resolve(text));
  });
