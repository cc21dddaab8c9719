import { readTemplate } from './read-template.ts';
import {
  type Fields,
  isFields,
  type OutputDeclaration,
  type ParameterDeclaration,
  type ResourceDeclaration,
  type Rule,
  type Template,
  templateError,
} from './template.ts';

const sections = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Mappings',
  'Conditions',
  'Rules',
  'Transform',
  'Resources',
  'Outputs',
  'Hooks',
];
const resourceMembers = [
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'Metadata',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'CreationPolicy',
  'UpdatePolicy',
];
/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const limits = { Resources: 500, Parameters: 200, Outputs: 200, Mappings: 200 };

/** Reads a template's text and checks its form: sections, members, names, limits. What it refers to is checked by `checkTemplate`. */
export function parseTemplate(text: string): Template {
  const fields = readTemplate(text);
  const unknown = Object.keys(fields).filter((name) => !sections.includes(name));
  if (unknown.length > 0) throw templateError(`Invalid template property or properties [${unknown.join(', ')}]`);
  const version = fields['AWSTemplateFormatVersion'];
  if (version !== undefined && version !== '2010-09-09')
    throw templateError('Template format error: unsupported value for AWSTemplateFormatVersion.');
  refuseNulls(fields, '');
  const description = fields['Description'];
  if (description !== undefined && typeof description !== 'string')
    throw templateError('Template format error: every Description member must be a string.');
  return {
    ...(version ? { version } : {}),
    ...(description !== undefined ? { description } : {}),
    ...(isFields(fields['Metadata']) ? { metadata: fields['Metadata'] } : {}),
    transforms: transforms(fields['Transform']),
    parameters: members(fields, 'Parameters', parameter),
    mappings: members(fields, 'Mappings', mapping),
    conditions: section(fields, 'Conditions'),
    rules: members(fields, 'Rules', rule),
    resources: resources(fields),
    outputs: members(fields, 'Outputs', output),
  };
}

function section(fields: Fields, name: string): Fields {
  const found = fields[name] ?? {};
  if (!isFields(found)) throw templateError(`Template format error: ${name} must be an object.`);
  const limit = limits[name as keyof typeof limits];
  const count = Object.keys(found).length;
  if (limit !== undefined && count > limit)
    throw templateError(
      `Template format error: Number of ${name.toLowerCase()}, ${count}, is greater than maximum allowed, ${limit}`,
    );
  return found;
}

function members<Member>(fields: Fields, name: string, check: (member: Fields, name: string) => Member) {
  return Object.fromEntries(
    Object.entries(section(fields, name)).map(([key, member]) => {
      if (!isFields(member)) throw templateError(`Template format error: Every ${name} member must be an object.`);
      return [key, check(member, key)];
    }),
  );
}

function transforms(value: unknown): string[] {
  const named = value === undefined ? [] : Array.isArray(value) ? value : [value];
  return named.map((item) => (isFields(item) ? String(item['Name']) : String(item)));
}

function parameter(fields: Fields, name: string): ParameterDeclaration {
  alphanumeric('Parameter', name);
  if (typeof fields['Type'] !== 'string')
    throw templateError('Template format error: Every Parameters object must contain a Type member.');
  return fields as unknown as ParameterDeclaration;
}

const mapping = (fields: Fields): Fields => fields;

function rule(fields: Fields, name: string): Rule {
  if (!Array.isArray(fields['Assertions']))
    throw templateError(`Template format error: Rule ${name} must contain an Assertions member.`);
  return fields as unknown as Rule;
}

function output(fields: Fields, name: string): OutputDeclaration {
  alphanumeric('Output', name);
  if (fields['Value'] === undefined || fields['Value'] === null)
    throw templateError('Template format error: Every Outputs member must contain a Value object');
  return fields as unknown as OutputDeclaration;
}

function resources(fields: Fields): Record<string, ResourceDeclaration> {
  const found = members(fields, 'Resources', resource);
  if (Object.keys(found).length === 0)
    throw templateError('Template format error: At least one Resources member must be defined.');
  return found;
}

function resource(fields: Fields, name: string): ResourceDeclaration {
  alphanumeric('Resource', name);
  if (typeof fields['Type'] !== 'string')
    throw templateError(
      `Template format error: [/Resources/${name}] Every Resources object must contain a Type member.`,
    );
  const [unknown] = Object.keys(fields).filter((member) => !resourceMembers.includes(member));
  if (unknown !== undefined) throw templateError(`Invalid template resource property '${unknown}'`);
  const properties = fields['Properties'];
  if (properties !== undefined && !isFields(properties))
    throw templateError(`Template format error: [/Resources/${name}/Properties] Properties must be an object.`);
  return fields as unknown as ResourceDeclaration;
}

function refuseNulls(value: unknown, path: string): void {
  if (value === null) throw templateError(`[${path}] 'null' values are not allowed in templates`);
  if (typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) if (key !== 'Metadata') refuseNulls(inner, `${path}/${key}`);
}

function alphanumeric(kind: string, name: string): void {
  if (!/^[A-Za-z0-9]{1,255}$/.test(name))
    throw templateError(`Template format error: ${kind} name ${name} is non alphanumeric.`);
}
