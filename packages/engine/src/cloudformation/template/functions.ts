import { cidrBlocks } from './cidr.ts';
import { conditionFunctions } from './condition-functions.ts';
import { type Environment, notKnown, noValue } from './environment.ts';
import { splitAttribute } from './read-template.ts';
import { subPattern } from './references.ts';
import { type Fields, isFields, templateError } from './template.ts';

/** A function's argument as written, what it is resolved against, and how to resolve what is inside. */
export type TemplateFunction = (
  argument: unknown,
  environment: Environment,
  resolve: (value: unknown, environment: Environment) => unknown,
) => unknown;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
export const functions: Readonly<Record<string, TemplateFunction>> = {
  Ref: (name, environment) => refer(String(name), environment),

  'Fn::GetAtt'(argument, environment, resolve) {
    const [name, attribute] =
      typeof argument === 'string' ? splitAttribute(argument) : Array.isArray(argument) ? argument : [];
    const wanted = resolve(attribute, environment);
    if (typeof name !== 'string' || typeof wanted !== 'string')
      throw templateError(
        'Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute',
      );
    return attributeOf(name, wanted, environment);
  },

  'Fn::Sub'(argument, environment, resolve) {
    const [text, variables = {}] = Array.isArray(argument) ? argument : [argument];
    if (typeof text !== 'string' || !isFields(variables))
      throw templateError(
        "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
      );
    return substitute(text, (name) =>
      Object.hasOwn(variables, name) ? resolve(variables[name], environment) : referOrAttribute(name, environment),
    );
  },

  'Fn::Join'(argument, environment, resolve) {
    const usage =
      'Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.';
    if (!Array.isArray(argument) || argument.length !== 2 || typeof argument[0] !== 'string')
      throw templateError(usage);
    const items = resolve(argument[1], environment);
    if (items === notKnown) return notKnown;
    if (!Array.isArray(items)) throw templateError(usage);
    if (items.includes(notKnown)) return notKnown;
    if (items.some((item) => typeof item === 'object')) throw templateError(usage);
    return items.map(String).join(argument[0]);
  },

  'Fn::Select'(argument, environment, resolve) {
    if (!Array.isArray(argument) || argument.length !== 2)
      throw templateError(
        'Template error: Fn::Select requires a list argument with two elements: an integer index and a list',
      );
    const [index, items] = [resolve(argument[0], environment), resolve(argument[1], environment)];
    if (index === notKnown || items === notKnown) return notKnown;
    if (!Array.isArray(items) || !/^\d+$/.test(String(index)))
      throw templateError(
        'Template error: Fn::Select requires a list argument with two elements: an integer index and a list',
      );
    if (Number(index) >= items.length)
      throw templateError(`Template error: Fn::Select cannot select nonexistent value at index ${index}`);
    return items[Number(index)];
  },

  'Fn::Split'(argument, environment, resolve) {
    const usage =
      'Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.';
    if (!Array.isArray(argument) || argument.length !== 2 || typeof argument[0] !== 'string')
      throw templateError(usage);
    const text = resolve(argument[1], environment);
    if (text === notKnown) return notKnown;
    if (typeof text !== 'string') throw templateError(usage);
    return text.split(argument[0]);
  },

  'Fn::FindInMap': findInMap,

  'Fn::Base64'(argument, environment, resolve) {
    const text = resolve(argument, environment);
    if (text === notKnown) return notKnown;
    if (typeof text !== 'string')
      throw templateError('Template error: every Fn::Base64 object must have a String-typed value.');
    return Buffer.from(text).toString('base64');
  },

  'Fn::Cidr'(argument, environment, resolve) {
    const usage =
      'Template error: every Fn::Cidr object requires two or three parameters, the ipBlock, the count, and optionally the cidrBits';
    if (!Array.isArray(argument) || argument.length < 2 || argument.length > 3) throw templateError(usage);
    const [block, count, bits = 8] = argument.map((item) => resolve(item, environment));
    if ([block, count, bits].includes(notKnown)) return notKnown;
    return cidrBlocks(String(block), Number(count), Number(bits));
  },

  'Fn::GetAZs'(argument, environment, resolve) {
    const region = resolve(argument, environment);
    if (region === notKnown) return notKnown;
    if (typeof region !== 'string')
      throw templateError('Template error: every Fn::GetAZs object must have a String-typed value.');
    return [...environment.zones(region || String(environment.parameter('AWS::Region')))];
  },

  'Fn::ImportValue'(argument, environment, resolve) {
    const name = resolve(argument, environment);
    if (name === notKnown) return notKnown;
    if (typeof name !== 'string')
      throw templateError(
        'Template error: the attribute in Fn::ImportValue must be a string or a function that returns a string',
      );
    const value = environment.exported(name);
    if (value === undefined) throw templateError(`No export named ${name} found`);
    return value;
  },

  'Fn::Length'(argument, environment, resolve) {
    const items = resolve(argument, environment);
    if (items === notKnown) return notKnown;
    if (!Array.isArray(items)) throw templateError('Template error: Fn::Length requires a list');
    return items.length;
  },

  'Fn::ToJsonString'(argument, environment, resolve) {
    const value = resolve(argument, environment);
    return containsUnknown(value) ? notKnown : JSON.stringify(value);
  },

  'Fn::Transform'(argument) {
    const name = isFields(argument) ? String(argument['Name']) : String(argument);
    throw templateError(`Template error: the transform ${name} is not implemented here`);
  },

  ...conditionFunctions,
};

function refer(name: string, environment: Environment): unknown {
  const parameter = environment.parameter(name);
  if (parameter !== undefined) return parameter;
  const resource = environment.resource(name);
  if (!resource)
    throw templateError(`Template format error: Unresolved resource dependencies [${name}] in the template`);
  return resource.id;
}

function attributeOf(name: string, attribute: string, environment: Environment): unknown {
  const resource = environment.resource(name);
  if (!resource)
    throw templateError(`Template format error: Unresolved resource dependencies [${name}] in the template`);
  const value = resource.attribute(attribute);
  if (value === undefined)
    throw templateError(`Template error: resource ${name} does not support attribute type ${attribute} in Fn::GetAtt`);
  return value;
}

function referOrAttribute(name: string, environment: Environment): unknown {
  const [resource, attribute] = splitAttribute(name);
  return attribute ? attributeOf(resource, attribute, environment) : refer(name, environment);
}

function substitute(text: string, valueNamed: (name: string) => unknown): unknown {
  let unknown = false;
  const replaced = text.replace(subPattern, (_, mark: string, name: string) => {
    if (mark) return `\${${name}}`;
    const value = valueNamed(name.trim());
    if (value === notKnown) unknown = true;
    else if (typeof value === 'object' || value === noValue)
      throw templateError(`Template error: variable ${name} in Fn::Sub expression does not resolve to a string`);
    return String(value === notKnown ? '' : value);
  });
  return unknown ? notKnown : replaced;
}

function findInMap(argument: unknown, environment: Environment, resolve: Parameters<TemplateFunction>[2]): unknown {
  if (!Array.isArray(argument) || argument.length < 3)
    throw templateError(
      'Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value',
    );
  const [name, first, second] = argument.slice(0, 3).map((item) => resolve(item, environment));
  if ([name, first, second].includes(notKnown)) return notKnown;
  const inner: unknown = environment.mapping(String(name))?.[String(first)];
  const found = isFields(inner) ? inner[String(second)] : undefined;
  if (found !== undefined) return found;
  const options: Fields | undefined = isFields(argument[3]) ? argument[3] : undefined;
  if (options && 'DefaultValue' in options) return resolve(options['DefaultValue'], environment);
  throw templateError(`Template error: Unable to get mapping for ${name}::${first}::${second}`);
}

function containsUnknown(value: unknown): boolean {
  if (value === notKnown) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(containsUnknown);
}
