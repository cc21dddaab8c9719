import type { Properties, ResourceContext, ResourceHandler } from '../../../cloudformation/resource-handler.ts';
import type { ResourceSchema, SchemaType } from '../../../cloudformation/schema/resource-schema.ts';
import { resourceSchema } from '../../../cloudformation/schema/resource-schemas.ts';
import { partitionOf } from '../../../cloudformation/template/environment.ts';
import type { Fields } from '../../../cloudformation/template/template.ts';
import { isCalledByArn, recordedId } from './recorded-ids.ts';

/** A type without behaviour here: its properties are checked and kept, its identity and attributes are made up from its schema. */
export function recordedResource(type: string): ResourceHandler {
  return {
    create(properties, context) {
      const made: MadeUp = { schema: resourceSchema(type), properties, name: '', context };
      const { ids, scope } = context;
      const name = chosenName(made) ?? recordedId(type, ids, scope.region) ?? context.physicalName();
      const named = { ...made, name };
      const attributes = Object.fromEntries(
        Object.entries(named.schema.attributes).map(([attribute, kind]) => [
          attribute,
          properties[attribute] ?? madeUp(named, attribute, kind),
        ]),
      );
      return { id: identityOf(named, attributes), attributes };
    },
    update(_id, properties) {
      const { attributes } = resourceSchema(type);
      return Object.fromEntries(Object.entries(properties).filter(([name]) => Object.hasOwn(attributes, name)));
    },
    delete: () => undefined,
  };
}

interface MadeUp {
  readonly schema: ResourceSchema;
  readonly properties: Properties;
  readonly name: string;
  readonly context: ResourceContext;
}

function chosenName({ schema: { identifier = [], properties: known }, properties }: MadeUp): string | undefined {
  const own = identifier.filter((part) => Object.hasOwn(known, part));
  const chosen = properties[own.at(-1) ?? ''];
  return identifier.length === own.length && typeof chosen === 'string' ? chosen : undefined;
}

/**
 * `Ref` gives the identifier: the name that the template chose, or the attribute that the service would have given. Of several parts it is the
 * one that the service gives, or the last; the web application firewall alone has all of them.
 */
function identityOf(made: MadeUp, attributes: Fields): string {
  const { schema, properties, name } = made;
  const { identifier = [], type, properties: known } = schema;
  if (isCalledByArn(type)) return arnOf(made);
  const partOf = (part: string) => String(properties[part] ?? attributes[part] ?? name);
  if (type.startsWith('AWS::WAFv2::')) return identifier.map(partOf).join('|');
  const given = identifier.filter((part) => !Object.hasOwn(known, part));
  const part = given[0] ?? identifier.at(-1);
  return part === undefined ? name : partOf(part);
}

function madeUp(made: MadeUp, attribute: string, kind: SchemaType): unknown {
  if (kind === 'number' || kind === 'integer') return 0;
  if (kind === 'boolean') return false;
  if (typeof kind === 'object' && 'list' in kind) return [];
  const form = forms.find(([pattern]) => pattern.test(attribute));
  return form ? form[1](made) : made.name;
}

/** No name ever resolves below `invalid`: nobody mistakes what is only recorded for something that answers. */
const host = ({ name }: MadeUp): string => `${name.toLowerCase().replace(/[^a-z0-9-]+/g, '-')}.recorded.invalid`;

/** The forms of attributes, by what they are called. */
const forms: readonly (readonly [RegExp, (made: MadeUp) => string])[] = [
  [/Arn$/i, (made) => arnOf(made)],
  [/^(Aws)?AccountId$|Owner(Account)?Id$/, ({ context }) => context.scope.account],
  [/Region$/, ({ context }) => context.scope.region],
  [/(Created|Updated|Modified)At$|Time$|Date$|Timestamp$/, ({ context }) => new Date(context.now).toISOString()],
  [/Url$|Uri$/i, (made) => `https://${host(made)}`],
  [/Endpoint$|DomainName$|D(ns|NS)Name$|\.Address$/, host],
  // Addresses for documentation, which no host has (RFC 5737).
  [/(Private|Public)Ip(Address)?$|^IpAddress$/, () => '192.0.2.1'],
  [/AvailabilityZone$/, ({ context }) => `${context.scope.region}a`],
  [/Port$/, () => '0'],
  [/^(Status|State)$/, () => 'RECORDED'],
];

/** Where a service's name in ARNs is not that of its types. */
const arnServices: Readonly<Record<string, string>> = {
  CertificateManager: 'acm',
  Cognito: 'cognito-idp',
  DocDB: 'rds',
  EFS: 'elasticfilesystem',
  ElasticLoadBalancing: 'elasticloadbalancing',
  ElasticLoadBalancingV2: 'elasticloadbalancing',
  Elasticsearch: 'es',
  KinesisFirehose: 'firehose',
  MSK: 'kafka',
  Neptune: 'rds',
  OpenSearchService: 'es',
  StepFunctions: 'states',
};

/** By the published form; its placeholders are properties of these names, or stand for the resource itself. */
function arnOf({ schema: { arn, type }, properties, name, context: { scope } }: MadeUp): string {
  const [, family = '', kind = ''] = type.split('::');
  const service = arnServices[family] ?? family.toLowerCase();
  const form = arn ?? `arn:\${Partition}:${service}:\${Region}:\${Account}:${kind.toLowerCase()}/\${Name}`;
  const known: Properties = {
    Partition: partitionOf(scope.region),
    Region: scope.region,
    Account: scope.account,
  };
  return form.replace(/\$\{(\w+)\}/g, (_, part: string) => {
    const value = known[part] ?? properties[part];
    return typeof value === 'string' ? value : name;
  });
}

/** What people read beside a recorded resource. */
export const recordedReason = (type: string): string => `Recorded only: nothing stands behind ${type} in this engine`;

/** Why a strict engine does not take it. */
export const strictReason = (type: string): string =>
  `This engine is strict and would only record ${type}: start it without --strict, or take the resource out of the template`;
