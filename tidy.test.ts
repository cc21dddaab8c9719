import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

// The rules of docs/style.md, executed. Every complaint says what to do instead.

const root = import.meta.dirname;
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
}).split('\n');
const sources = tracked.filter(
  (path) => /\.ts$/.test(path) && !/\.d\.ts$|\/generated\//.test(path) && existsSync(join(root, path)),
);
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const isTest = (path: string) => /\.test\.ts$|\.contract\.ts$|\/testing\//.test(path);

/** Only here may the outside world be touched: time, randomness, the environment, processes, the console. */
const edges = [
  /^packages\/engine\/src\/kernel\/clock\.ts$/,
  /^packages\/engine\/src\/main\.ts$/,
  /^packages\/engine\/src\/(edges|runtimes\/process|wire)\//,
  /^packages\/engine\/scripts\//,
  /^packages\/proxy\//,
  /^packages\/cli\//,
  /^packages\/constructs\/src\/(functions\/|inputs\.ts|bundle\.ts)/,
  /^packages\/sidecar\//,
  /^examples\/[^/]+\/(app|load)\//,
  /^scripts\//,
  /^[^/]+\.config\.ts$/,
];

const banned: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\(|\bnew Date\(\)/, 'ask the clock: context.now'],
  [/\bMath\.random\(|\brandomUUID\b|\brandomBytes\b/, 'ask for an id: context.ids'],
  [/\bset(Timeout|Interval|Immediate)\(/, 'return the time to look again from the controller, or use clock.at'],
  [/\bprocess\.env\b/, 'take it as an option; the command line reads the environment'],
  [/\bconsole\./, 'emit an event; the command line renders it'],
];

const leftovers: readonly (readonly [RegExp, string])[] = [
  [/\b(TODO|FIXME|XXX|HACK)\b/, 'do it, or write it under "Missing" in the README'],
  [/\.(only|skip)\(/, 'run it, or delete it'],
  [/@ts-ignore|@ts-expect-error(?!.*:)/, 'fix the type, or say why after a colon'],
  [/\bas any\b|: any\b(?!\?)/, 'name the type, or use unknown'],
];

const complaints = (paths: readonly string[], rules: readonly (readonly [RegExp, string])[]): string[] =>
  paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) =>
        rules
          .filter(([pattern]) => pattern.test(withoutComment(line)))
          .map(([, cure]) => `${path}:${index + 1}: ${line.trim().slice(0, 80)}: ${cure}`),
      ),
  );

const withoutComment = (line: string) => line.replace(/^\s*(\/\/|\*|\/\*\*?).*$/, '');

test('the control plane touches nothing outside', () => {
  const inside = sources.filter(
    (path) => path.startsWith('packages/') && !isTest(path) && !edges.some((edge) => edge.test(path)),
  );
  expect(inside.length).toBeGreaterThan(50);
  expect(complaints(inside, banned)).toEqual([]);
});

test('nothing is left lying about', () => {
  const own = sources.filter((path) => path !== 'tidy.test.ts' && path !== 'packages/engine/src/kernel/operation.ts');
  expect(complaints(own, leftovers)).toEqual([]);
});

/** What each part may import of ours; its own folder always. */
const mayImport: readonly { readonly from: RegExp; readonly may: readonly RegExp[] }[] = [
  {
    from: /^packages\/engine\/src\/kernel\//,
    may: [/^packages\/engine\/src\/(kernel\/|cloudformation\/resource-handler\.ts)/],
  },
  {
    from: /^packages\/engine\/src\/wire\//,
    may: [/^packages\/engine\/src\/(kernel|wire)\//, /^packages\/proxy\/http1$/],
  },
  { from: /^packages\/engine\/src\/images\//, may: [/^packages\/engine\/src\/(kernel|images)\//] },
  {
    from: /^packages\/engine\/src\/cloudformation\//,
    may: [
      /^packages\/engine\/src\/(kernel|cloudformation)\//,
      /^packages\/engine\/src\/wire\/(sdk-schemas|shapes)\.ts$/,
    ],
  },
  { from: /^packages\/engine\/src\/runtimes\//, may: [/^packages\/engine\/src\/(kernel|runtimes)\//] },
  { from: /^packages\/proxy\//, may: [/^packages\/proxy\//] },
  { from: /^packages\/sidecar\//, may: [/^packages\/sidecar\//] },
  { from: /^packages\/constructs\//, may: [/^packages\/constructs\//] },
];

const importsOf = (path: string): string[] =>
  [...read(path).matchAll(/(?:from|import\()\s*'(\.[^']+|@rockpool\/[^']+)'/g)].map(([, target = '']) =>
    target.startsWith('.')
      ? relative(root, resolve(root, dirname(path), target))
      : target.replace(/^@rockpool\/([^/]+)\/?/, 'packages/$1/'),
  );

test('imports go only where the architecture lets them', () => {
  const wrong = sources
    .filter((path) => !isTest(path))
    .flatMap((path) => {
      const rule = mayImport.find(({ from }) => from.test(path));
      return rule
        ? importsOf(path)
            .filter((target) => !rule.may.some((allowed) => allowed.test(target)))
            .map((target) => `${path} imports ${target}`)
        : [];
    });
  expect(wrong).toEqual([]);
});

test('a service calls another only through its context, never by import', () => {
  const folder = (path: string) => /^packages\/engine\/src\/services\/([^/]+)\//.exec(path)?.[1];
  const wrong = sources
    .filter((path) => folder(path) && !isTest(path))
    .flatMap((path) =>
      importsOf(path)
        .filter((target) => folder(`${target}/`) && folder(`${target}/`) !== folder(path))
        .map((target) => `${path} imports ${target}: call it, context.${folder(`${target}/`)}.…`),
    );
  expect(wrong).toEqual([]);
});

test('services load no SDK: only its types', () => {
  const wrong = sources
    .filter((path) => path.startsWith('packages/engine/src/services/') && !isTest(path))
    .filter((path) => /^import (?!type\b)[^;]*from '@aws-sdk\//m.test(read(path)));
  expect(wrong).toEqual([]);
});

/** Longer ones need a reason here. */
const longFiles: Readonly<Record<string, string>> = {};
const fileLines_max = 300;

test(`no file is longer than ${fileLines_max} lines`, () => {
  const long = sources.filter(
    (path) => !isTest(path) && !(path in longFiles) && read(path).split('\n').length > fileLines_max,
  );
  expect(long.map((path) => `${path}: look for the concept that is missing`)).toEqual([]);
});

test('names say what a file holds', () => {
  const vague = sources.filter(
    (path) => /(^|\/)(utils?|helpers?|common|manager|misc)(\.ts|\/)/.test(path) || /\/[^/]*[A-Z_][^/]*\.ts$/.test(path),
  );
  expect(vague).toEqual([]);
});

test('the project holds no path of the machine it was written on', () => {
  const machine = new RegExp(['/wo', 'rk/(main|shared)', '|/tmp/', 'brief'].join(''));
  const wrong = tracked.filter(
    (path) =>
      /\.(ts|mjs|md|json|ya?ml)$/.test(path) &&
      path !== 'package-lock.json' &&
      path !== 'tidy.test.ts' &&
      existsSync(join(root, path)) &&
      machine.test(read(path)),
  );
  expect(wrong).toEqual([]);
});

test('every service says what can be observed, and what is missing', () => {
  const services = [
    ...new Set(
      sources
        .map((path) => /^packages\/engine\/src\/services\/[^/]+/.exec(path)?.[0])
        .filter((path) => path !== undefined),
    ),
  ];
  expect(services.length).toBeGreaterThan(10);
  const without = services.filter(
    (path) => !existsSync(join(root, path, 'README.md')) || !/^## Missing/m.test(read(join(path, 'README.md'))),
  );
  expect(without).toEqual([]);
});
