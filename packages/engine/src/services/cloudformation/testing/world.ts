import { resource } from '../../../cloudformation/resource-handler.ts';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { defineService, type Service } from '../../../kernel/service.ts';
import { table } from '../../../kernel/store.ts';
import { type Lab, startLab } from '../../../testing/lab.ts';
import { cloudFormation } from '../index.ts';

/** A thing that a test stack made; it stands for any resource of any service. */
export interface Thing {
  readonly id: string;
  readonly name: string;
  readonly order: number;
  /** When it is ready, or gone. */
  readonly readyAt: number;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

export const things = table<Thing>('test/things');

/** What goes wrong in a test world, asked at every call. Named by display name or physical name. */
export interface Faults {
  create?: (name: string) => string | undefined;
  update?: (name: string) => string | undefined;
  delete?: (id: string) => string | undefined;
  /** Fails after it was accepted. */
  settle?: (name: string) => string | undefined;
  /** How long a thing takes to be ready, in milliseconds. */
  slow_ms?: (name: string) => number;
}

interface Props {
  readonly TopicName?: string;
  readonly DisplayName?: string;
  readonly Tags?: unknown;
}

/** `AWS::SNS::Topic` as a plain thing: TopicName replaces, DisplayName is changed in place. */
function thingService(faults: Faults): Service {
  const put = (context: Context, thing: Thing) => context.store.table(things).put(thing.id, thing);
  const refuse = (reason: string | undefined) => {
    if (reason) throw new AwsError('InvalidParameterException', reason);
  };
  const nameOf = ({ TopicName, DisplayName }: Props) => DisplayName ?? TopicName ?? '';
  const topic = resource<Props>({
    create(properties, context) {
      const name = nameOf(properties);
      const id = `arn:aws:sns:us-east-1:000000000000:${properties.TopicName ?? context.physicalName()}`;
      if (context.store.table(things).get(id)) throw new AwsError('AlreadyExists', `${id} already exists`);
      const readyAt = context.now + (faults.slow_ms?.(name) ?? 0);
      put(context, {
        id,
        name,
        order: context.store.table(things).list().length,
        readyAt,
        tags: context.tags(properties.Tags),
      });
      refuse(faults.create?.(name));
      return { id, attributes: { TopicArn: id, TopicName: id.split(':').at(-1) } };
    },
    update(id, properties, _previous, context) {
      const thing = context.store.table(things).get(id);
      if (!thing) throw new AwsError('NotFoundException', `${id} does not exist`);
      const name = nameOf(properties);
      put(context, {
        ...thing,
        name,
        readyAt: context.now + (faults.slow_ms?.(name) ?? 0),
        tags: context.tags(properties.Tags),
      });
      refuse(faults.update?.(name));
      return undefined;
    },
    delete(id, _properties, context) {
      context.store.table(things).delete(id);
      refuse(faults.delete?.(id));
    },
    progress(id, properties, context) {
      const thing = context.store.table(things).get(id);
      if (!thing) return { failed: 'it has gone' };
      if (thing.readyAt > context.now) return { waiting: 'for the thing to be ready' };
      const reason = faults.settle?.(nameOf(properties));
      return reason ? { failed: reason } : 'complete';
    },
  });
  return defineService('sns', { operations: {}, resources: { 'AWS::SNS::Topic': topic } });
}

/** A lab with CloudFormation, things to deploy, and templates to be read by URL. */
export function startWorld(
  options: {
    seed?: number;
    faults?: Faults;
    objects?: Record<string, string>;
    more?: () => Service[];
    strict?: boolean;
  } = {},
): Lab {
  const { faults = {}, objects = {}, more = () => [] } = options;
  return startLab({
    seed: options.seed ?? 1,
    services: () => {
      const others = [thingService(faults), ...more()];
      const own: Service = cloudFormation({
        strict: options.strict ?? false,
        resources: () => Object.assign({}, ...[...others, own].map(({ resources }) => resources)),
        readObject: (_context, bucket, key) => {
          const body = objects[`${bucket}/${key}`];
          return body === undefined ? undefined : Buffer.from(body);
        },
      });
      return [...others, own];
    },
  });
}

export const templateOf = (parts: object): string => JSON.stringify(parts);
export const topic = (properties: object = {}, more: object = {}) => ({
  Type: 'AWS::SNS::Topic',
  Properties: properties,
  ...more,
});

export const statusOf = (lab: Lab, name: string): string | undefined =>
  lab.cloudFormation.describeStacks({ StackName: name }).Stacks?.[0]?.StackStatus;

/** A stack's events, oldest first, as `LogicalId STATUS reason`. */
export const story = (lab: Lab, name: string): string[] =>
  (lab.cloudFormation.describeStackEvents({ StackName: name }).StackEvents ?? [])
    .map(({ LogicalResourceId, ResourceStatus, ResourceStatusReason }) =>
      [LogicalResourceId, ResourceStatus, ResourceStatusReason].filter(Boolean).join(' '),
    )
    .reverse();

export const thingNames = (lab: Lab): string[] =>
  lab.context.store
    .table(things)
    .list()
    .map(({ name }) => name)
    .sort();
