import type { Scope } from '../kernel/scope.ts';
import type { ServiceName } from '../kernel/service-names.ts';
import { prefixes } from './prefixes.ts';
import { type Reference, referenceOf } from './reference.ts';
import { arnsOf, type Naming, namingOf, textsOf } from './resource-names.ts';
import { s3Deeds } from './s3-deeds.ts';

/** An action on a resource that a request needs to be allowed. */
export interface Asked {
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
}

type Input = Readonly<Record<string, unknown>>;

/** Operations that everybody may (STS reference), or that judge their caller themselves by a role's trust policy. */
const free = new Set([
  'sts.GetCallerIdentity',
  'sts.GetSessionToken',
  'sts.AssumeRoleWithWebIdentity',
  'sts.AssumeRoleWithSAML',
  'sns.ConfirmSubscription',
]);

/** Operations whose actions have other names. */
const actionNames: Readonly<Record<string, string>> = {
  'lambda.Invoke': 'InvokeFunction',
  'lambda.InvokeAsync': 'InvokeFunction',
};

/** What of a thing's ARN an input does not say: the path of an IAM name, the key behind an alias. */
export type PathOf = (kind: string, name: string) => string;

/** All that a request does, by the service authorization reference. Empty: nothing that needs a permission. */
export function deedsOf(service: ServiceName, operation: string, given: object, scope: Scope, pathOf: PathOf): Asked[] {
  const place = `${service}.${operation}`;
  if (free.has(place)) return [];
  const input = given as Input;
  if (service === 's3') return s3Deeds(operation, input);
  const prefix = prefixes[service];
  const reference = referenceOf(prefix);
  const name = actionNames[place] ?? operation;
  const naming = namingOf(input, ownNames(service, pathOf));
  const resources = resourcesOf(reference, name, input, naming, scope);
  return resources.map((resource) => ({ action: `${prefix}:${name}`, resource }));
}

function resourcesOf(
  { actions, resources }: Reference,
  action: string,
  input: Input,
  naming: Naming,
  scope: Scope,
): readonly string[] {
  const possible = actions[action] ?? [];
  // Route 53's tags are of one kind or another, which the request names.
  const meant = possible.filter((kind) => kind === `${input['ResourceType']}*`);
  const kinds = meant.length > 0 ? meant : possible;
  const named = kinds.map((kind) => ({
    required: kind.endsWith('*'),
    ...arnsOf(resources[kind.replace(/\*$/, '')] ?? '', input, naming, scope),
  }));
  const whole = named.filter((each) => each.whole);
  // A rule on a bus of its own is not one on the default bus, though its name would make one.
  if (whole.length > 0)
    return [...new Set((input['EventBusName'] ? whole.slice(0, 1) : whole).flatMap(({ arns }) => arns))];
  return named.find(({ required }) => required)?.arns ?? ['*'];
}

/** Names that need more than copying. */
function ownNames(service: ServiceName, pathOf: PathOf): Readonly<Record<string, (input: Input) => readonly string[]>> {
  if (service === 'iam') return iamNames(pathOf);
  if (service === 'lambda') return { FunctionName: functionNames };
  if (service === 'ecs')
    return {
      TaskDefinitionFamilyName: (input) => taskDefinitions(input).map(([family = '']) => family),
      TaskDefinitionRevisionNumber: (input) => taskDefinitions(input).map(([, revision = '*']) => revision),
    };
  if (service === 'kms')
    return {
      KeyId: ({ KeyId }) => textsOf(KeyId).map((id) => (/^(?:arn:.*:)?alias\//.test(id) ? pathOf('Key', id) : id)),
    };
  if (service === 'route53') return { Id: route53Ids };
  if (service === 'eventBridge') return { EventBusName: busNames };
  if (service === 'ssm')
    return {
      ParameterNameWithoutLeadingSlash: ({ Name, Names, Path }) =>
        [Name, Names, Path].flatMap(textsOf).map((name) => name.replace(/^\//, '')),
    };
  return {};
}

const taskDefinitions = ({ taskDefinition, taskDefinitions, family }: Input): string[][] =>
  [taskDefinition, taskDefinitions, family].flatMap(textsOf).map((text) => text.split('/').at(-1)?.split(':') ?? []);

/** By name, partial ARN or ARN, with a qualifier in it or beside it. */
function functionNames({ FunctionName, Qualifier }: Input): string[] {
  return textsOf(FunctionName).map((text) => {
    const name = text.replace(/^.*:function:/, '');
    return name.includes(':') || typeof Qualifier !== 'string' ? name : `${name}:${Qualifier}`;
  });
}

/** One variable stands for the ids of all kinds; those of SDKs that leave it there begin with the kind. */
const route53Ids = ({ Id, HostedZoneId, HealthCheckId, ResourceId, ResourceIds }: Input): string[] =>
  [Id, HostedZoneId, HealthCheckId, ResourceId, ResourceIds]
    .flatMap(textsOf)
    .map((id) => id.slice(id.lastIndexOf('/') + 1));

function busNames({ EventBusName, Entries, Name }: Input): readonly string[] {
  const entries = Array.isArray(Entries) ? (Entries as readonly Input[]) : undefined;
  if (entries)
    return [
      ...new Set(entries.map((entry) => String(entry['EventBusName'] ?? 'default').replace(/^.*event-bus\//, ''))),
    ];
  return EventBusName === undefined && Name !== undefined ? [] : textsOf(EventBusName);
}

const iamKinds: Readonly<Record<string, string>> = {
  RoleNameWithPath: 'Role',
  UserNameWithPath: 'User',
  GroupNameWithPath: 'Group',
  InstanceProfileNameWithPath: 'InstanceProfile',
  PolicyNameWithPath: 'Policy',
};

/** The ARNs of IAM carry the path, which only the creating operation says. */
const iamNames = (pathOf: PathOf): Readonly<Record<string, (input: Input) => readonly string[]>> =>
  Object.fromEntries(
    Object.entries(iamKinds).map(([variable, kind]) => [
      variable,
      (input: Input) =>
        textsOf(input[`${kind}Name`]).map((name) => {
          const path = typeof input['Path'] === 'string' ? input['Path'] : pathOf(kind, name);
          return `${path.replace(/^\//, '')}${name}`;
        }),
    ]),
  );
