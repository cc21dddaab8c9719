import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publishedTypes } from '../packages/engine/src/cloudformation/schema/resource-schemas.ts';
import { startEngine } from '../packages/engine/src/engine.ts';
import { serviceFacts } from '../packages/engine/src/kernel/service-names.ts';

const target = fileURLToPath(new URL('../docs/coverage.md', import.meta.url));

interface ServiceCoverage {
  readonly sdk: string;
  readonly done: readonly string[];
  readonly missing: number;
}

/** `docs/coverage.md` as it should be: computed from what the engine's services say they have, so that nobody keeps a list. */
export async function coverageText(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'rockpool-coverage-'));
  const engine = await startEngine({
    directory,
    port: 0,
    speed: 1,
    account: '000000000000',
    version: 'coverage',
    onBug(error) {
      throw error;
    },
  });
  try {
    const { services } = engine.kernel;
    const run = new Set([
      'AWS::CloudFormation::CustomResource',
      ...services.flatMap(({ resources = {} }) => Object.keys(resources)),
    ]);
    const covered = services.map(({ name, operations }) => serviceCoverage(serviceFacts[name].sdk, operations));
    return textOf(covered.sort(bySdk), run);
  } finally {
    await engine.stop({ tasks: true });
    rmSync(directory, { recursive: true, force: true });
  }
}

const bySdk = (a: ServiceCoverage, b: ServiceCoverage) => (a.sdk < b.sdk ? -1 : 1);

function serviceCoverage(sdk: string, operations: object): ServiceCoverage {
  const known = operationsOf(sdk);
  const done = known.filter((name) => Object.hasOwn(operations, name));
  return { sdk, done, missing: known.length - done.length };
}

/** By the files of the SDK, since loading it would take half a second for each. */
function operationsOf(sdk: string): string[] {
  const { resolve } = createRequire(new URL('../packages/engine/package.json', import.meta.url));
  const commands = join(dirname(dirname(resolve(sdk))), 'dist-types', 'commands');
  return readdirSync(commands)
    .flatMap((file) => /^(\w+)Command\.d\.ts$/.exec(file)?.[1] ?? [])
    .sort();
}

function textOf(services: readonly ServiceCoverage[], run: ReadonlySet<string>): string {
  const families = new Map<string, string[]>();
  for (const type of [...new Set([...publishedTypes(), ...run])].sort()) {
    const family = type.split('::').slice(0, 2).join('::');
    families.set(family, [...(families.get(family) ?? []), type]);
  }
  const recorded = publishedTypes().filter((type) => !run.has(type)).length;
  return `# Coverage

Computed by \`npm run coverage\`; a test fails when it is out of date. What each service does, and what is missing in it, stands in its README
below \`packages/engine/src/services/\`.

## Operations

An operation that is not listed answers \`NotImplemented\` (501) with its name.

${table(['service', 'done', 'NotImplemented'], services.map(operationsRow))}

${services.map(({ sdk, done }) => `**${shortName(sdk)}**: ${done.join(', ')}.`).join('\n\n')}

## CloudFormation resource types

${run.size} types are *run*: there is behaviour behind them. The other ${recorded} that AWS publishes are *recorded*: checked against their schema, kept, given
identity and attributes of the right form, and shown as recorded; \`rockpool engine start --strict\` refuses them. \`AWS::CloudFormation::CustomResource\`
and \`Custom::*\` are what their provider makes of them.

${table(
  ['types', 'run', 'recorded'],
  [...families].map(([family, types]) => typesRow(family, types, run)),
)}
`;
}

const shortName = (sdk: string): string => sdk.replace('@aws-sdk/client-', '');
const operationsRow = ({ sdk, done, missing }: ServiceCoverage) => [
  shortName(sdk),
  String(done.length),
  String(missing),
];

function typesRow(family: string, types: readonly string[], run: ReadonlySet<string>): string[] {
  const names = (wanted: readonly string[]) => wanted.map((type) => type.slice(family.length + 2)).join(', ') || '-';
  return [`${family}::`, names(types.filter((type) => run.has(type))), names(types.filter((type) => !run.has(type)))];
}

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

if (import.meta.main) writeFileSync(target, await coverageText());
