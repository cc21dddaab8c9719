import type { Caller } from '../kernel/caller.ts';
import type { ServiceName } from '../kernel/service-names.ts';
import type { Keys } from '../policy/document.ts';
import { textsOf } from './resource-names.ts';

type Input = Readonly<Record<string, unknown>>;
type Values = readonly string[] | undefined;

/** What is known of a request beside its input. */
export interface RequestFacts {
  readonly now: number;
  readonly region: string;
  /** Address of the client; undefined for a call within the engine. */
  readonly sourceIp?: string;
  readonly userAgent?: string;
  /** The services that made the request on the caller's behalf. */
  readonly calledVia?: readonly string[];
}

/** Tags as inputs have them: `Key`/`Value`, `key`/`value`, or a map. */
type TagInput = Input | readonly Input[];

export interface KeySources {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: Input;
  readonly caller: Caller;
  readonly facts: RequestFacts;
  /** Tags of the resource that is asked for, and of the caller's user or role; looked up when a policy wants to know. */
  readonly resourceTags: () => Readonly<Record<string, string>>;
  readonly principalTags: () => Readonly<Record<string, string>>;
  /** Keys of one deed only, as `iam:PassedToService`. */
  readonly own?: Readonly<Record<string, Values>>;
}

/** The context keys of a request, global ones and those of its service. Source: the service authorization reference and, for the global ones, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
export function contextKeys(sources: KeySources): Keys {
  const { service, own = {} } = sources;
  return (name) => {
    if (name in own) return own[name];
    const tagged = tagKey(name, sources);
    if (tagged !== undefined) return tagged;
    return globalKeys[name]?.(sources) ?? serviceKeys[service]?.[name]?.(sources.input, sources);
  };
}

const one = (value: unknown): Values => (value === undefined || value === null ? undefined : [String(value)]);

function tagKey(name: string, { service, input, resourceTags, principalTags }: KeySources): Values | undefined {
  const [, kind, key] = /^[\w-]+:(resourcetag|requesttag|principaltag)\/(.+)$/.exec(name) ?? [];
  if (!kind || !key) return name === 'aws:tagkeys' ? tagKeysOf(input) : undefined;
  const tags = kind === 'requesttag' ? requestTags(input) : kind === 'resourcetag' ? resourceTags() : principalTags();
  const found = Object.entries(tags).find(([tag]) => tag.toLowerCase() === key);
  return found || service ? one(found?.[1]) : undefined;
}

function tagKeysOf(input: Input): Values {
  const keys = [...Object.keys(requestTags(input)), ...textsOf(input['TagKeys']), ...textsOf(input['tagKeys'])];
  return keys.length > 0 ? keys : undefined;
}

/** Tags that a request brings. */
export function requestTags(input: Input): Readonly<Record<string, string>> {
  const given = (input['Tags'] ?? input['tags'] ?? firstSpecification(input)) as TagInput | undefined;
  if (given === undefined) return {};
  if (!Array.isArray(given)) return given as Readonly<Record<string, string>>;
  return Object.fromEntries(
    given
      .filter((tag): tag is Input => typeof tag === 'object' && tag !== null)
      .map((tag) => [String(tag['Key'] ?? tag['key']), String(tag['Value'] ?? tag['value'] ?? '')]),
  );
}

/** EC2's way to bring tags with what is made. */
function firstSpecification({ TagSpecifications }: Input): unknown {
  return Array.isArray(TagSpecifications) ? (TagSpecifications[0] as Input | undefined)?.['Tags'] : undefined;
}

const sessionName = ({ arn }: Caller): string => arn.slice(arn.lastIndexOf('/') + 1);

const globalKeys: Readonly<Record<string, (sources: KeySources) => Values>> = {
  'aws:currenttime': ({ facts }) => one(new Date(facts.now).toISOString()),
  'aws:epochtime': ({ facts }) => one(Math.floor(facts.now / 1000)),
  'aws:principalaccount': ({ caller }) => one(caller.account),
  'aws:principalarn': ({ caller }) => one(roleArnOf(caller) ?? caller.arn),
  'aws:principaltype': ({ caller }) =>
    one(caller.kind === 'role' ? 'AssumedRole' : caller.kind === 'root' ? 'Account' : 'User'),
  'aws:principalisawsservice': ({ caller }) => one(caller.kind === 'service'),
  'aws:principalservicename': ({ caller }) => (caller.kind === 'service' ? one(caller.arn) : undefined),
  'aws:userid': ({ caller }) => one(caller.userId),
  'aws:username': ({ caller }) => (caller.kind === 'user' ? one(sessionName(caller)) : undefined),
  'aws:requestedregion': ({ facts }) => one(facts.region),
  'aws:resourceaccount': ({ caller }) => one(caller.account),
  'aws:sourceip': ({ facts }) => one(facts.sourceIp),
  'aws:useragent': ({ facts }) => one(facts.userAgent),
  // The engine listens on loopback only; what comes to it would come over TLS on AWS.
  'aws:securetransport': () => one(true),
  'aws:viaawsservice': ({ facts }) => one((facts.calledVia?.length ?? 0) > 0),
  'aws:calledvia': ({ facts }) => (facts.calledVia?.length ? facts.calledVia : undefined),
  'aws:calledviafirst': ({ facts }) => one(facts.calledVia?.[0]),
  'aws:calledvialast': ({ facts }) => one(facts.calledVia?.at(-1)),
  'aws:sourcearn': ({ caller }) => one(caller.sourceArn),
  'aws:sourceaccount': ({ caller }) => (caller.kind === 'service' ? one(caller.account) : undefined),
  'aws:multifactorauthpresent': ({ caller }) => (caller.kind === 'role' ? one(false) : undefined),
};

/** The role behind a session; its path is not in a session's ARN. */
export const roleNameOf = ({ kind, arn }: Caller): string | undefined =>
  kind === 'role' ? /:assumed-role\/([^/]+)\//.exec(arn)?.[1] : undefined;

function roleArnOf(caller: Caller): string | undefined {
  const name = roleNameOf(caller);
  return name === undefined ? undefined : `arn:aws:iam::${caller.account}:role/${name}`;
}

type OwnKeys = Readonly<Record<string, (input: Input, sources: KeySources) => Values>>;

const clusterArn = (cluster: unknown, { caller, facts }: KeySources): Values => {
  const name = typeof cluster === 'string' ? cluster : 'default';
  return one(name.startsWith('arn:') ? name : `arn:aws:ecs:${facts.region}:${caller.account}:cluster/${name}`);
};

const serviceKeys: Readonly<Partial<Record<ServiceName, OwnKeys>>> = {
  cloudWatch: {
    'cloudwatch:namespace': ({ Namespace }) => one(Namespace),
    'cloudwatch:alarmactions': ({ AlarmActions }) => textsOf(AlarmActions),
  },
  ecs: {
    'ecs:cluster': ({ cluster }, sources) => clusterArn(cluster, sources),
    'ecs:service': ({ service }) => one(service),
    'ecs:task-definition': ({ taskDefinition }) => one(taskDefinition),
    'ecs:enable-execute-command': ({ enableExecuteCommand }) => one(enableExecuteCommand),
    'ecs:container-name': ({ container }) => one(container),
    'ecs:createaction': (_input, { operation }) => one(operation),
  },
  iam: {
    'iam:policyarn': ({ PolicyArn }) => one(PolicyArn),
    'iam:permissionsboundary': ({ PermissionsBoundary }) => one(PermissionsBoundary),
    'iam:awsservicename': ({ AWSServiceName }) => one(AWSServiceName),
  },
  s3: {
    's3:prefix': ({ Prefix }) => one(Prefix),
    's3:delimiter': ({ Delimiter }) => one(Delimiter),
    's3:max-keys': ({ MaxKeys }) => one(MaxKeys),
    's3:versionid': ({ VersionId }) => one(VersionId),
    's3:x-amz-acl': ({ ACL }) => one(ACL),
    's3:x-amz-server-side-encryption': ({ ServerSideEncryption }) => one(ServerSideEncryption),
    's3:x-amz-storage-class': ({ StorageClass }) => one(StorageClass),
    's3:x-amz-copy-source': ({ CopySource }) => one(CopySource),
    's3:if-none-match': ({ IfNoneMatch }) => one(IfNoneMatch),
    's3:if-match': ({ IfMatch }) => one(IfMatch),
    's3:resourceaccount': (_input, { caller }) => one(caller.account),
  },
  sns: {
    'sns:protocol': ({ Protocol }) => one(Protocol),
    'sns:endpoint': ({ Endpoint }) => one(Endpoint),
  },
  lambda: {
    'lambda:functionarn': ({ FunctionName }) => one(FunctionName),
    'lambda:principal': ({ Principal }) => one(Principal),
  },
  eventBridge: {
    'events:source': ({ Entries }) => entryValues(Entries, 'Source'),
    'events:detail-type': ({ Entries }) => entryValues(Entries, 'DetailType'),
  },
  sts: {
    'sts:externalid': ({ ExternalId }) => one(ExternalId),
    'sts:rolesessionname': ({ RoleSessionName }) => one(RoleSessionName),
    'sts:sourceidentity': ({ SourceIdentity }) => one(SourceIdentity),
    'sts:transitivetagkeys': ({ TransitiveTagKeys }) => textsOf(TransitiveTagKeys),
  },
  cloudFormation: {
    'cloudformation:rolearn': ({ RoleARN }) => one(RoleARN),
    'cloudformation:templateurl': ({ TemplateURL }) => one(TemplateURL),
    'cloudformation:changesetname': ({ ChangeSetName }) => one(ChangeSetName),
    'cloudformation:resourcetypes': ({ ResourceTypes }) => textsOf(ResourceTypes),
  },
  ec2: {
    'ec2:region': (_input, { facts }) => one(facts.region),
    'ec2:instancetype': ({ InstanceType }) => one(InstanceType),
    'ec2:createaction': (_input, { operation }) => one(operation),
    'ec2:vpc': ({ VpcId }, { caller, facts }) =>
      typeof VpcId === 'string' ? one(`arn:aws:ec2:${facts.region}:${caller.account}:vpc/${VpcId}`) : undefined,
  },
};

function entryValues(entries: unknown, member: string): Values {
  if (!Array.isArray(entries)) return undefined;
  return entries.flatMap((entry) => textsOf((entry as Input)[member]));
}
