import type { ResourceContext, ResourceHandler } from '../../../cloudformation/resource-handler.ts';
import type { ResourceSchema, SchemaType } from '../../../cloudformation/schema/resource-schema.ts';
import { resourceSchema } from '../../../cloudformation/schema/resource-schemas.ts';
import { partitionOf } from '../../../cloudformation/template/environment.ts';
import type { Fields } from '../../../cloudformation/template/template.ts';

/** A type without behaviour here: its properties are checked and kept, its identity and attributes are made up from its schema. */
export function recordedResource(type: string): ResourceHandler {
  return {
    create(properties, context) {
      const schema = resourceSchema(type);
      const name = chosenName(schema, properties) ?? context.physicalName();
      const attributes = Object.fromEntries(
        Object.entries(schema.attributes).map(([attribute, kind]) => [
          attribute,
          properties[attribute] ?? madeUp(schema, attribute, kind, name, context),
        ]),
      );
      return { id: identityOf(schema, properties, attributes, name), attributes };
    },
    update: () => undefined,
    delete: () => undefined,
  };
}

function chosenName({ identifier = [], properties: known }: ResourceSchema, properties: Fields): string | undefined {
  const [name = ''] = identifier;
  const chosen = Object.hasOwn(known, name) ? properties[name] : undefined;
  return typeof chosen === 'string' ? chosen : undefined;
}

/** `Ref` gives the identifier: the name that the template chose, or the attribute that the service would have given. */
function identityOf(schema: ResourceSchema, properties: Fields, attributes: Fields, name: string): string {
  const parts = (schema.identifier ?? []).map((part) => properties[part] ?? attributes[part] ?? name);
  return parts.length > 0 ? parts.map(String).join('|') : name;
}

function madeUp(
  schema: ResourceSchema,
  attribute: string,
  kind: SchemaType,
  name: string,
  context: ResourceContext,
): unknown {
  if (kind === 'number' || kind === 'integer') return 0;
  if (kind === 'boolean') return false;
  if (typeof kind === 'object' && 'list' in kind) return [];
  return /Arn$/i.test(attribute) ? arnOf(schema, name, context) : name;
}

function arnOf({ arn, type }: ResourceSchema, name: string, { scope }: ResourceContext): string {
  const [, service = '', kind = ''] = type.split('::');
  const form =
    arn ?? `arn:\${Partition}:${service.toLowerCase()}:\${Region}:\${Account}:${kind.toLowerCase()}/\${Name}`;
  const known: Readonly<Record<string, string>> = {
    Partition: partitionOf(scope.region),
    Region: scope.region,
    Account: scope.account,
  };
  return form.replace(/\$\{(\w+)\}/g, (_, part: string) => known[part] ?? name);
}
