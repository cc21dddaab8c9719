import { createRequire } from 'node:module';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { $SchemaRef } from '@smithy/types';
import { type ServiceName, serviceFacts } from '../kernel/service-names.ts';
import type { Member, Operation, Shape, StructureShape, TimestampFormat, Traits } from './shapes.ts';

/**
 * The shapes of a service, read from the runtime schemas of its official SDK. This is the one file that knows how the SDK lays its
 * schemas out (tuples: kind, namespace, name, traits, ...); sdk-schemas.test.ts fails when that moves.
 */
export interface SdkSchemas {
  readonly service: ServiceName;
  readonly operations: ReadonlyMap<string, Operation>;
  /** Errors by the name of their shape. */
  readonly errors: ReadonlyMap<string, StructureShape>;
  readonly protocol: ProtocolFacts;
}

/** What the service's protocol needs beside the shapes. */
export interface ProtocolFacts {
  /** The protocol the official SDK uses, e.g. `aws.protocols#awsJson1_1`. */
  readonly id: string;
  /** The prefix of X-Amz-Target. */
  readonly serviceTarget: string;
  readonly version: string;
  readonly xmlNamespace: string | undefined;
  readonly awsQueryCompatible: boolean;
  /** The service in the credential scope. */
  readonly signingName: string;
}

type Tuple = readonly unknown[];
const operationKind = 9;
const errorKind = -3;
/** The SDK's sentinels of simple shapes. */
const simpleKinds: Readonly<Record<number, Shape>> = {
  0: { kind: 'string' },
  1: { kind: 'number' },
  2: { kind: 'boolean' },
  4: { kind: 'timestamp', format: undefined },
  5: { kind: 'timestamp', format: 'date-time' satisfies TimestampFormat },
  6: { kind: 'timestamp', format: 'http-date' satisfies TimestampFormat },
  7: { kind: 'timestamp', format: 'epoch-seconds' satisfies TimestampFormat },
  15: { kind: 'document' },
  17: { kind: 'big-integer' },
  19: { kind: 'big-decimal' },
  21: { kind: 'blob', streaming: false },
  42: { kind: 'blob', streaming: true },
};

const loadModule = createRequire(import.meta.url);
const loaded = new Map<ServiceName, SdkSchemas>();

/** Loads a service's SDK on first use (10 to 200 ms), synchronously, so that no turn has to wait for it. */
export function sdkSchemas(service: ServiceName): SdkSchemas {
  const known = loaded.get(service);
  if (known) return known;
  const made = readSchemas(service);
  loaded.set(service, made);
  return made;
}

/** The input and output shapes of one operation; undefined where the SDK knows no such operation. */
export const operationSchema = (service: ServiceName, operation: string): Operation | undefined =>
  sdkSchemas(service).operations.get(operation);

function readSchemas(service: ServiceName): SdkSchemas {
  const module = loadModule(serviceFacts[service].sdk) as Readonly<Record<string, unknown>>;
  const operations = new Map<string, Operation>();
  const errors = new Map<string, StructureShape>();
  for (const [name, value] of Object.entries(module)) {
    if (!name.endsWith('$') || !Array.isArray(value)) continue;
    if (value[0] === operationKind) operations.set(value[2] as string, operationOf(value));
    if (value[0] === errorKind)
      errors.set(value[2] as string, shapeOf(value as unknown as $SchemaRef) as StructureShape);
  }
  return { service, operations, errors, protocol: protocolOf(service, module) };
}

/** Input and output are behind thunks, and most operations of a service are never called, so they are read when first asked for. */
function operationOf([, , name, traits, input, output]: Tuple): Operation {
  return lazily(
    { name: name as string, traits: traits as Traits },
    {
      input: () => shapeOf(input as $SchemaRef) as StructureShape,
      output: () => shapeOf(output as $SchemaRef) as StructureShape,
    },
  );
}

const shapes = new WeakMap<object, Shape>();

function shapeOf(ref: $SchemaRef): Shape {
  const { NormalizedSchema: schemas } = loadModule('@smithy/core/schema') as typeof import('@smithy/core/schema');
  return shapeOfSchema(schemas.of(ref));
}

function shapeOfSchema(schema: NormalizedSchema): Shape {
  const raw: unknown = schema.getSchema();
  if (raw === 'unit') return emptyStructure;
  if (typeof raw === 'object' && raw !== null) {
    const known = shapes.get(raw) ?? compoundShape(schema, raw as Tuple);
    shapes.set(raw, known);
    return known;
  }
  const simple = simpleKinds[raw as number];
  if (simple) return simple;
  if (schema.isListSchema() || schema.isMapSchema()) return compoundShape(schema, []);
  throw new Error(`the SDK's schema has a kind that is not known here: ${String(raw)} (${schema.getName(true)})`);
}

function compoundShape(schema: NormalizedSchema, raw: Tuple): Shape {
  if (schema.isListSchema())
    return lazily({ kind: 'list' as const }, { item: () => memberOf('member', schema.getValueSchema()) });
  if (schema.isMapSchema())
    return lazily(
      { kind: 'map' as const },
      { key: () => memberOf('key', schema.getKeySchema()), value: () => memberOf('value', schema.getValueSchema()) },
    );
  return structureShape(schema, raw);
}

function structureShape(schema: NormalizedSchema, raw: Tuple): StructureShape {
  // The required members come first; the tuple's last element says how many they are.
  const required = typeof raw[6] === 'number' ? raw[6] : 0;
  const members = () =>
    [...schema.structIterator()].map(([name, member], index) => memberOf(name, member, index < required));
  const structure: StructureShape = lazily(
    {
      kind: 'structure' as const,
      name: schema.getName() ?? '',
      traits: schema.getOwnTraits() as Traits,
      union: schema.isUnionSchema(),
    },
    { members, byName: () => new Map(structure.members.map((member) => [member.name, member])) },
  );
  return structure;
}

function memberOf(name: string, schema: NormalizedSchema, required = false): Member {
  const traits: Traits = { ...schema.getMergedTraits() };
  // A structure's own XML name is for the document's root; a member of that shape is not called so.
  const { xmlName } = schema.getMemberTraits();
  return lazily({ name, required, traits: { ...traits, xmlName } as Traits }, { shape: () => shapeOfSchema(schema) });
}

const emptyStructure: StructureShape = {
  kind: 'structure',
  name: 'Unit',
  traits: {},
  union: false,
  members: [],
  byName: new Map(),
};

/** An object with members that are computed when first read, and then stay. */
function lazily<Now extends object, Later extends object>(
  now: Now,
  later: { readonly [Key in keyof Later]: () => Later[Key] },
): Now & Later {
  for (const [key, make] of Object.entries<() => unknown>(later))
    Object.defineProperty(now, key, {
      configurable: true,
      enumerable: true,
      get() {
        const value = make();
        Object.defineProperty(now, key, { value, enumerable: true });
        return value;
      },
    });
  return now as Now & Later;
}

interface ClientConfig {
  readonly protocol: { getShapeId(): string };
  readonly defaultSigningName: string;
  readonly protocolSettings: {
    readonly serviceTarget: string;
    readonly version: string;
    readonly xmlNamespace?: string;
    readonly awsQueryCompatible?: boolean;
  };
}

function protocolOf(service: ServiceName, module: Readonly<Record<string, unknown>>): ProtocolFacts {
  const Client = Object.entries(module).find(([name]) => name.endsWith('Client') && name !== '__Client')?.[1] as new (
    options: object,
  ) => { readonly config: ClientConfig };
  const { config } = new Client({ region: 'us-east-1', credentials: { accessKeyId: 'none', secretAccessKey: 'none' } });
  const { serviceTarget, version, xmlNamespace, awsQueryCompatible = false } = config.protocolSettings;
  const facts = { id: config.protocol.getShapeId(), signingName: config.defaultSigningName };
  if (!facts.id || !facts.signingName || !version)
    throw new Error(`the SDK of ${service} does not say its protocol as it used to`);
  return { ...facts, serviceTarget, version, xmlNamespace, awsQueryCompatible };
}
