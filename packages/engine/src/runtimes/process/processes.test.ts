import { spawn, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { isAlive, machineProcesses, signalProcess } from './processes.ts';
import { ownMemory, parseStat } from './processes-proc.ts';
import { parseRow, ps } from './processes-ps.ts';
import { killSignal, signalNumber } from './signals.ts';

const stat =
  '4711 (a (b) c) S 1 4700 4700 0 -1 4194304 100 0 0 0 25 5 0 0 20 0 11 0 123456 1000000 2000 18446744073709551615 0\n';

test('a line of /proc/<pid>/stat is understood, whatever the program is called', () => {
  expect(parseStat(stat)).toEqual({ pid: 4711, startTime: '123456', alive: true, group: 4700, cpu_ms: 300 });
  expect(parseStat(stat.replace(') S', ') Z'))?.alive).toBe(false);
  expect(parseStat('')).toBeUndefined();
  expect(parseStat('4711 (a) S 1')).toBeUndefined();
});

test('memory is what only the process holds', () => {
  expect(ownMemory('VmRSS:\t 9999 kB\nRssAnon:\t    2048 kB\nRssFile:\t 7000 kB\nRssShmem:\t     512 kB\n')).toBe(
    2560 * 1024,
  );
  expect(ownMemory(undefined)).toBe(0);
});

test('a line of ps is understood', () => {
  expect(parseRow('  501   500 Ss   10240   1-02:03:04 Tue Nov 21 02:31:00 2026')).toEqual([
    { pid: 501, group: 500, startTime: 'Tue Nov 21 02:31:00 2026', cpu_ms: 93_784_000, memory_bytes: 10_485_760 },
  ]);
  expect(parseRow('501 500 S 1 0:01.25 Tue Nov 21 02:31:00 2026')[0]?.cpu_ms).toBe(1250);
  expect(parseRow('501 500 Z+ 0 0:00.00 Tue Nov 21 02:31:00 2026')).toEqual([]);
  expect(parseRow('')).toEqual([]);
});

const hasPs = spawnSync('ps', ['-A'], { stdio: 'ignore' }).status === 0;
if (!hasPs) process.stderr.write('\n*** this system has no ps: its test is SKIPPED ***\n\n');

test.each([
  { name: "this system's way", processes: machineProcesses(process.platform) },
  ...(hasPs ? [{ name: 'ps', processes: ps }] : []),
])('processes are found and told apart by their start ($name)', async ({ processes }) => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log(1)'], { detached: true });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const pid = child.pid ?? 0;
  const found = processes.find(pid);
  expect(found).toMatchObject({ pid });
  if (!found) return;
  const [row] = await processes.list(new Set([pid]));
  expect(row).toMatchObject({ ...found, group: pid });
  expect(row?.memory_bytes).toBeGreaterThan(1_000_000);

  const other = { pid, startTime: `${found.startTime}0` };
  expect(isAlive(processes, other)).toBe(false);
  signalProcess(processes, other, killSignal);
  expect(isAlive(processes, found)).toBe(true);

  const ended = new Promise((resolve) => child.once('exit', resolve));
  signalProcess(processes, found, killSignal);
  await ended;
  expect(processes.find(pid)).toBeUndefined();
  signalProcess(processes, found, killSignal);
});

test.each([
  ['SIGTERM', 15],
  ['TERM', 15],
  ['term', 15],
  ['2', 2],
  ['SIGRTMIN', 34],
  ['SIGRTMIN+3', 37],
  ['nonsense', 15],
  ['0', 15],
  ['999', 15],
])('the signal %s is number %i', (signal, number) => {
  expect(signalNumber(signal)).toBe(number);
});
