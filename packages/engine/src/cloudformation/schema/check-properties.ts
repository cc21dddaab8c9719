import { notKnown, noValue } from '../template/environment.ts';
import { type Fields, isFields } from '../template/template.ts';
import type { PropertySchemas, ResourceSchema, SchemaType, SimpleType } from './resource-schema.ts';

/** One thing that is wrong with a resource's properties, and where. */
export interface Complaint {
  /** `#` is the resource's `Properties`; `#/Tags/0` the first of its tags. */
  readonly path: string;
  readonly message: string;
}

export interface CheckedProperties {
  /** With texts turned into the numbers and booleans that the schema asks for, and the other way round, as CloudFormation does. */
  readonly properties: Fields;
  readonly complaints: readonly Complaint[];
}

/** Checks resolved properties against the published schema. What is not known yet is taken on trust. */
export function checkProperties(schema: ResourceSchema, properties: Fields): CheckedProperties {
  const complaints: Complaint[] = [];
  const check: Check = { schema, complain: (path, message) => complaints.push({ path, message }) };
  return { properties: structure(check, '#', schema.properties, properties, schema.open ?? false), complaints };
}

interface Check {
  readonly schema: ResourceSchema;
  readonly complain: (path: string, message: string) => void;
}

function structure(check: Check, path: string, members: PropertySchemas, value: Fields, open: boolean): Fields {
  for (const [name, { required }] of Object.entries(members))
    if (required && value[name] === undefined) check.complain(path, `required key [${name}] not found`);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined && inner !== noValue)
      .map(([name, inner]) => {
        const member = Object.hasOwn(members, name) ? members[name] : undefined;
        if (member) return [name, checked(check, `${path}/${name}`, member.type, inner)];
        if (!open) check.complain(path, `extraneous key [${name}] is not permitted`);
        return [name, inner];
      }),
  );
}

function checked(check: Check, path: string, type: SchemaType, value: unknown): unknown {
  if (value === notKnown) return value;
  if (typeof type === 'string') return simple(check, path, type, value);
  if ('values' in type) return oneOfValues(check, path, type.values, value);
  if ('oneOf' in type) return oneOfTypes(check, path, type.oneOf, value);
  if ('list' in type) {
    if (Array.isArray(value)) return value.map((item, index) => checked(check, `${path}/${index}`, type.list, item));
    return mismatch(check, path, 'JSONArray', value);
  }
  if (!isFields(value)) return mismatch(check, path, 'JSONObject', value);
  if ('map' in type)
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, checked(check, `${path}/${key}`, type.map, inner)]),
    );
  const members = check.schema.definitions[type.of] ?? {};
  // A definition without members is a document of the user's own.
  return structure(check, path, members, value, Object.keys(members).length === 0);
}

function simple(check: Check, path: string, type: SimpleType, value: unknown): unknown {
  if (type === 'json') return asJson(check, path, value);
  if (type === 'tag')
    return isFields(value)
      ? structure(check, path, tagMembers, value, true)
      : mismatch(check, path, 'JSONObject', value);
  if (typeof value === 'object' || value === undefined) return mismatch(check, path, typeNames[type], value);
  if (type === 'string' || type === 'date-time') return String(value);
  if (type === 'boolean') return asBoolean(check, path, value);
  const number = typeof value === 'boolean' || String(value).trim() === '' ? Number.NaN : Number(value);
  if (Number.isNaN(number) || (type === 'integer' && !Number.isInteger(number)))
    return mismatch(check, path, typeNames[type], value);
  return number;
}

const tagMembers: PropertySchemas = { Key: { type: 'string', required: true }, Value: { type: 'string' } };
const typeNames = {
  string: 'String',
  'date-time': 'String',
  number: 'Number',
  integer: 'Integer',
  boolean: 'Boolean',
} as const;

function asBoolean(check: Check, path: string, value: unknown): unknown {
  const text = String(value).toLowerCase();
  return text === 'true' || text === 'false' ? text === 'true' : mismatch(check, path, 'Boolean', value);
}

/** A document may be given as its text. */
function asJson(check: Check, path: string, value: unknown): unknown {
  if (typeof value === 'object') return value;
  try {
    return JSON.parse(String(value)) as unknown;
  } catch {
    return mismatch(check, path, 'JSONObject', value);
  }
}

function oneOfValues(check: Check, path: string, values: readonly (string | number)[], value: unknown): unknown {
  if (typeof value === 'object') return mismatch(check, path, 'String', value);
  const found = values.find((allowed) => String(allowed) === String(value));
  if (found === undefined) check.complain(path, `${String(value)} is not a valid enum value`);
  return found ?? value;
}

function oneOfTypes(check: Check, path: string, types: readonly SchemaType[], value: unknown): unknown {
  for (const type of types) {
    const complaints: string[] = [];
    const tried = checked({ ...check, complain: (_, message) => complaints.push(message) }, path, type, value);
    if (complaints.length === 0) return tried;
  }
  check.complain(path, `#: no subschema matched out of the total ${types.length} subschemas`);
  return value;
}

function mismatch(check: Check, path: string, expected: string, value: unknown): unknown {
  check.complain(path, `expected type: ${expected}, found: ${kindOf(value)}`);
  return value;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'JSONArray';
  if (typeof value === 'object') return 'JSONObject';
  return { string: 'String', number: 'Number', boolean: 'Boolean' }[typeof value as 'string'] ?? 'null';
}

/** The reason of a resource that fails for its properties. */
export const complaintText = (logicalId: string, complaints: readonly Complaint[]): string =>
  `Properties validation failed for resource ${logicalId} with message:\n${complaints.map(({ path, message }) => `${path}: ${message}`).join('\n')}`;
