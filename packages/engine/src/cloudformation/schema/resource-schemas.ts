import { createRequire } from 'node:module';
import type { ResourceSchema } from './resource-schema.ts';
import { slimSchema } from './slim-schema.ts';

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

/** Loads what it is asked for, once: first from the committed slice, then from the whole database (half a second). */
class ResourceSchemas {
  #slice: Readonly<Record<string, ResourceSchema>> | undefined;
  #names: ReadonlySet<string> | undefined;
  readonly #others = new Map<string, ResourceSchema>();

  exists(type: string): boolean {
    if (isCustom(type) || type === cdkMetadata.type) return true;
    this.#slice ??= load('../generated/resource-schemas.json') as Record<string, ResourceSchema>;
    if (Object.hasOwn(this.#slice, type)) return true;
    this.#names ??= new Set(load('../generated/resource-types.json') as string[]);
    return this.#names.has(type);
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
    const { loadAwsServiceSpecSync } = load('@aws-cdk/aws-service-spec') as typeof import('@aws-cdk/aws-service-spec');
    const database = loadAwsServiceSpecSync();
    const [resource] = database.lookup('resource', 'cloudFormationType', 'equals', type);
    if (!resource) throw new Error(`the published database has lost the resource type ${type}`);
    const schema = slimSchema(database, resource);
    this.#others.set(type, schema);
    return schema;
  }
}

const schemas = new ResourceSchemas();

export const isCustom = (type: string): boolean =>
  type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';

/** Whether CloudFormation knows a resource type. */
export const resourceTypeExists = (type: string): boolean => schemas.exists(type);

/** The published schema of a resource type that exists. */
export const resourceSchema = (type: string): ResourceSchema => schemas.get(type);
