import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ResourceSchema } from './resource-schema.ts';

const load = createRequire(import.meta.url);

/** Types that are not in the published database: what they allow is theirs. */
const customResource = (type: string): ResourceSchema => ({
  type,
  open: true,
  properties: {
    ServiceToken: { type: 'string', required: true },
    ServiceTimeout: { type: 'integer' },
  },
  definitions: {},
  attributes: {},
});
const cdkMetadata: ResourceSchema = {
  type: 'AWS::CDK::Metadata',
  open: true,
  properties: {},
  definitions: {},
  attributes: {},
};

/** Loads what it is asked for, once: the types that are run from one file, and any other one from its line in the file of all others. */
class ResourceSchemas {
  #slice: Readonly<Record<string, ResourceSchema>> | undefined;
  #names: ReadonlySet<string> | undefined;
  #lines: ReadonlyMap<string, string> | undefined;
  readonly #others = new Map<string, ResourceSchema>();

  exists(type: string): boolean {
    if (isCustom(type) || type === cdkMetadata.type) return true;
    this.#slice ??= load('../generated/resource-schemas.json') as Record<string, ResourceSchema>;
    return Object.hasOwn(this.#slice, type) || this.names.has(type);
  }

  get names(): ReadonlySet<string> {
    this.#names ??= new Set(load('../generated/resource-types.json') as string[]);
    return this.#names;
  }

  get(type: string): ResourceSchema {
    if (!this.exists(type)) throw new Error(`no resource type ${type} is published`);
    if (isCustom(type)) return customResource(type);
    if (type === cdkMetadata.type) return cdkMetadata;
    return this.#slice?.[type] ?? this.#other(type);
  }

  #other(type: string): ResourceSchema {
    const known = this.#others.get(type);
    if (known) return known;
    this.#lines ??= new Map(otherLines());
    const line = this.#lines.get(type);
    if (line === undefined) throw new Error(`the schema of the resource type ${type} has not been generated`);
    const schema = JSON.parse(line) as ResourceSchema;
    this.#others.set(type, schema);
    return schema;
  }
}

/** By type; each line is read only when it is asked for. */
function otherLines(): [string, string][] {
  const text = readFileSync(new URL('../generated/other-resource-schemas.jsonl', import.meta.url), 'utf8');
  return text.split('\n').map((line) => [/^\{"type":"([^"]+)"/.exec(line)?.[1] ?? '', line]);
}

const schemas = new ResourceSchemas();

export const isCustom = (type: string): boolean =>
  type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';

/** Whether CloudFormation knows a resource type. */
export const resourceTypeExists = (type: string): boolean => schemas.exists(type);

/** The published schema of a resource type that exists. */
export const resourceSchema = (type: string): ResourceSchema => schemas.get(type);

/** The names of all types that CloudFormation publishes. */
export const publishedTypes = (): readonly string[] => [...schemas.names];
