import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { VirtualClock } from '../src/kernel/clock.ts';
import type { ServiceName } from '../src/kernel/service-names.ts';
import { simulatedRuntime } from '../src/runtimes/simulated/simulated-runtime.ts';
import { allServices } from '../src/testing/all-services.ts';
import { inlineFunctions } from '../src/testing/inline-functions.ts';
import { memoryBlobs } from '../src/testing/memory.ts';
import { simulatedDataPlane } from '../src/testing/simulated-data-plane.ts';
import { constraintPolicies } from '../src/wire/constraints/constraint-policies.ts';
import type { Constraint, ConstraintTable } from '../src/wire/constraints/constraint-table.ts';
import { javaPattern } from '../src/wire/constraints/java-pattern.ts';
import { recordedEnums } from '../src/wire/constraints/recorded-enums.ts';

// What the models demand of the inputs of the operations that the engine has: lengths, ranges, patterns, enumerated values. The JavaScript SDK
// leaves them out, botocore's models (Apache-2.0) have them:
//
//   node packages/engine/scripts/generate-constraints.ts <the folder `data` of an installed botocore>
//
// Run it after an upgrade of the SDK, and when a service of `constraintPolicies` gets an operation. It says which patterns it had to leave out.

interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

interface Model {
  readonly metadata: { readonly apiVersion: string };
  readonly operations: Readonly<Record<string, { readonly input?: { readonly shape: string } }>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** Where botocore keeps a service, when it is not under the name that the engine has for it. */
const folders: Readonly<Partial<Record<ServiceName, string>>> = {
  applicationAutoScaling: 'application-autoscaling',
  eventBridge: 'events',
};

function readModel(data: string, service: ServiceName): Model {
  const folder = join(data, folders[service] ?? service.toLowerCase());
  const version = readdirSync(folder).sort().at(-1) ?? '';
  const file = readdirSync(join(folder, version)).find((name) => /^service-2\.json(\.gz)?$/.test(name)) ?? '';
  const bytes = readFileSync(join(folder, version, file));
  return JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()) as Model;
}

/** The tables of contents, and so the names of all operations, on models of the outside world. */
function operationsOfServices(): ReadonlyMap<ServiceName, readonly string[]> {
  const clock = new VirtualClock();
  const services = allServices({
    ...{ clock, runtime: simulatedRuntime({ clock }), dataPlane: simulatedDataPlane({ clock }), mail: {} as never },
    ...{ functions: inlineFunctions({ clock, handlers: {} }), published: new Map() },
    ...{ images: memoryBlobs(), code: memoryBlobs() },
  });
  return new Map(services.map(({ name, operations }) => [name, Object.keys(operations).sort()]));
}

function own(shape: Shape, service: ServiceName): Constraint {
  const { min, max, pattern, enum: values } = shape;
  const readable = pattern !== undefined && javaPattern(pattern) !== undefined;
  if (pattern !== undefined && !readable) process.stderr.write(`${service}: no check of the pattern ${pattern}\n`);
  return {
    // A length of 0 or more is no demand.
    ...(min === undefined || (min === 0 && shape.type !== 'integer' && shape.type !== 'long') ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(readable && pattern !== '.*' ? { pattern } : {}),
    ...(values ? { enum: recordedEnums.find((recorded) => isSame(recorded, values)) ?? values } : {}),
  };
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((each) => b.includes(each));

/** Every shape once, and texts that are under the same demands once for all of their names. */
function tableOf(model: Model, operations: readonly string[], service: ServiceName): ConstraintTable {
  const shapes: Constraint[] = [];
  const places = new Map<string, number>();
  const demanding = demandingShapes(model, service);
  const refs = (parts: Readonly<Record<string, { readonly shape: string }>>) =>
    Object.fromEntries(
      Object.entries(parts).flatMap(([name, { shape }]) => (demanding.has(shape) ? [[name, placeOf(shape)]] : [])),
    );

  function placeOf(name: string): number {
    const shape = model.shapes[name] as Shape;
    const isCompound = shape.members || shape.member || shape.value;
    const key = isCompound ? name : JSON.stringify(own(shape, service));
    const known = places.get(key);
    if (known !== undefined) return known;
    const place = shapes.push({}) - 1;
    places.set(key, place);
    const { member, key: mapKey, value } = shape;
    shapes[place] = {
      ...own(shape, service),
      ...(shape.members ? { members: refs(shape.members) } : {}),
      ...refs({ ...(member ? { item: member } : {}), ...(mapKey ? { key: mapKey } : {}), ...(value ? { value } : {}) }),
    };
    return place;
  }

  const entries = operations.flatMap((name) => {
    const input = model.operations[name]?.input?.shape;
    return input !== undefined && demanding.has(input) ? [[name, placeOf(input)]] : [];
  });
  return { shapes, operations: Object.fromEntries(entries) };
}

/** The names of all shapes that demand something or contain what does. Shapes may contain themselves, so it is repeated until nothing is new. */
function demandingShapes({ shapes }: Model, service: ServiceName): ReadonlySet<string> {
  const demanding = new Set(
    Object.entries(shapes).flatMap(([name, shape]) => (Object.keys(own(shape, service)).length > 0 ? [name] : [])),
  );
  for (let before = -1; before !== demanding.size; ) {
    before = demanding.size;
    for (const [name, { members = {}, member, key, value }] of Object.entries(shapes)) {
      const parts = [...Object.values(members), member, key, value];
      if (parts.some((part) => part && demanding.has(part.shape))) demanding.add(name);
    }
  }
  return demanding;
}

const data = process.argv[2];
if (!data) throw new Error('which folder has the models? see the head of this file');
const target = join(import.meta.dirname, '../src/wire/constraints/generated');
mkdirSync(target, { recursive: true });
for (const [service, operations] of operationsOfServices()) {
  if (!constraintPolicies[service]) continue;
  const table = tableOf(readModel(data, service), operations, service);
  writeFileSync(join(target, `${service}.json`), `${JSON.stringify(table)}\n`);
}
