import { isParameterType } from './check-parameter-value.ts';
import { pseudoParameters } from './environment.ts';
import { references } from './references.ts';
import { dependsOn, type Template, templateError } from './template.ts';

/** What is known of resource types, as far as a template is checked by it. */
export interface KnownTypes {
  exists(type: string): boolean;
  /** Undefined where the type's attributes are not known (custom resources). */
  attributes(type: string): readonly string[] | undefined;
}

/** Checks what a template refers to, before anything is resolved: types, parameters, resources, conditions, attributes. */
export function checkTemplate(template: Template, types: KnownTypes): void {
  checkParameters(template);
  const unrecognized = [...new Set(Object.values(template.resources).map(({ Type }) => Type))].filter(
    (type) => !types.exists(type),
  );
  if (unrecognized.length > 0)
    throw templateError(`Template format error: Unrecognized resource types: [${unrecognized.join(', ')}]`);
  checkReferences(template);
  checkConditions(template);
  checkAttributes(template, types);
}

function checkParameters(template: Template): void {
  for (const [name, { Type, Default, NoEcho }] of Object.entries(template.parameters)) {
    if (!isParameterType(Type)) throw templateError(`Template format error: Unrecognized parameter type: ${Type}`);
    if (NoEcho !== undefined && !['true', 'false'].includes(String(NoEcho)))
      throw templateError(`Template format error: NoEcho of parameter ${name} must be true or false.`);
    if (typeof Default === 'object' && Default !== null && !Array.isArray(Default))
      throw templateError('Template format error: Every Default member must be a string.');
  }
}

const pseudoNames = Object.keys(pseudoParameters({ scope: { account: '', region: '' }, stackId: '', stackName: '' }));

function checkReferences(template: Template): void {
  const isParameter = (name: string) => Object.hasOwn(template.parameters, name) || pseudoNames.includes(name);
  const isResource = (name: string) => Object.hasOwn(template.resources, name);
  const inResources = new Set(
    Object.values(template.resources).flatMap((declaration) => [
      ...dependsOn(declaration).filter((name) => !isResource(name)),
      ...unresolved([declaration.Properties, declaration.Metadata], isResource, isParameter),
    ]),
  );
  refuse([...inResources], 'Resources');
  refuse(unresolved(Object.values(template.outputs), isResource, isParameter), 'Outputs');
  const inConditions = unresolved(Object.values(template.conditions), () => false, isParameter);
  if (inConditions.length > 0)
    throw templateError(
      `Template format error: Unresolved dependencies [${inConditions.join(', ')}]. Cannot reference resources in the Conditions block of the template`,
    );
}

function refuse(names: readonly string[], block: string): void {
  if (names.length > 0)
    throw templateError(
      `Template format error: Unresolved resource dependencies [${names.join(', ')}] in the ${block} block of the template`,
    );
}

function unresolved(
  value: unknown,
  isResource: (name: string) => boolean,
  isParameter: (name: string) => boolean,
): string[] {
  const names = new Set<string>();
  for (const reference of references(value)) {
    if (reference.kind === 'attribute' && !isResource(reference.name)) names.add(reference.name);
    if (reference.kind === 'ref' && !isResource(reference.name) && !isParameter(reference.name))
      names.add(reference.name);
  }
  return [...names];
}

function checkConditions(template: Template): void {
  const declared = (name: string) => Object.hasOwn(template.conditions, name);
  const check = (names: Iterable<string | undefined>, block: string) => {
    for (const name of names)
      if (name !== undefined && !declared(name))
        throw templateError(
          `Template format error: Unresolved condition dependency ${name} in the ${block} block of the template`,
        );
  };
  const used = (value: unknown) =>
    [...references(value)].flatMap((reference) => (reference.kind === 'condition' ? [reference.name] : []));
  check(used(Object.values(template.conditions)), 'Conditions');
  for (const { Condition, Properties } of Object.values(template.resources))
    check([Condition, ...used(Properties)], 'Resources');
  for (const { Condition, Value } of Object.values(template.outputs)) check([Condition, ...used(Value)], 'Outputs');
}

function checkAttributes(template: Template, types: KnownTypes): void {
  const values = [...Object.values(template.resources).map(({ Properties }) => Properties), template.outputs];
  for (const reference of references(values)) {
    if (reference.kind !== 'attribute' || reference.attribute === '') continue;
    const attributes = types.attributes(template.resources[reference.name]?.Type ?? '');
    if (attributes && !attributes.some((known) => matches(known, reference.attribute)))
      throw templateError(
        `Template error: resource ${reference.name} does not support attribute type ${reference.attribute} in Fn::GetAtt`,
      );
  }
}

/** `Outputs` of a nested stack is asked for as `Outputs.Name`. */
const matches = (known: string, asked: string): boolean => asked === known || asked.startsWith(`${known}.`);
