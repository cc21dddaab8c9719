import type { PropertyType, Resource, ResourceProperties, SpecDatabase } from '@aws-cdk/service-spec-types';
import type { PropertySchema, PropertySchemas, ResourceSchema, SchemaType } from './resource-schema.ts';

/** Takes from the published database what deploying needs of one type: no documentation, references by name. */
export function slimSchema(database: SpecDatabase, resource: Resource): ResourceSchema {
  const definitions: Record<string, PropertySchemas> = {};
  const slim = (properties: ResourceProperties): PropertySchemas =>
    Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, slimProperty(property)]));
  const slimProperty = ({ type, required, causesReplacement }: ResourceProperties[string]): PropertySchema => ({
    type: slimType(type),
    ...(required ? { required } : {}),
    ...(causesReplacement === 'yes' || causesReplacement === 'maybe' ? { replaces: causesReplacement } : {}),
  });
  const slimType = (type: PropertyType): SchemaType => {
    if (type.type === 'ref') return { of: define(type.reference.$ref) };
    if (type.type === 'array') return { list: slimType(type.element) };
    if (type.type === 'map') return { map: slimType(type.element) };
    if (type.type === 'union') return { oneOf: type.types.map(slimType) };
    if (type.type === 'null') return 'json';
    return 'allowedValues' in type && type.allowedValues ? { values: type.allowedValues } : type.type;
  };
  const define = (id: string): string => {
    const { name, properties } = database.get('typeDefinition', id);
    const key = definitions[name] === undefined || ids.get(name) === id ? name : `${name}.${id}`;
    if (definitions[key] !== undefined) return key;
    ids.set(key, id);
    // Named before its members are read, since definitions may contain themselves.
    definitions[key] = {};
    definitions[key] = slim(properties);
    return key;
  };
  const ids = new Map<string, string>();
  return {
    type: resource.cloudFormationType,
    properties: slim(resource.properties),
    attributes: Object.fromEntries(
      Object.entries(resource.attributes).map(([name, { type }]) => [name, attributeType(type)]),
    ),
    definitions,
    ...(resource.primaryIdentifier ? { identifier: resource.primaryIdentifier } : {}),
    ...(resource.tagInformation ? { tags: resource.tagInformation.tagPropertyName } : {}),
    ...(resource.arnTemplate ? { arn: resource.arnTemplate } : {}),
  };
}

/** Of an attribute only its kind matters: it is made up or looked up, never checked. */
function attributeType(type: PropertyType): SchemaType {
  if (type.type === 'array') return { list: 'string' };
  return type.type === 'number' || type.type === 'integer' || type.type === 'boolean' ? type.type : 'string';
}
