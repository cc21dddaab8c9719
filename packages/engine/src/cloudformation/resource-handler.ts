import type { Context } from '../kernel/context.ts';

/** A resource's properties, as in the template but resolved: every intrinsic replaced, types checked and coerced by the published schema. */
export type Properties = Readonly<Record<string, unknown>>;

/** What `Ref` and `Fn::GetAtt` answer. */
export interface Made {
  /** The physical id, which `Ref` gives. */
  readonly id: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** The id only stands in for one that comes with `progress`: nothing is told of it yet. */
  readonly provisional?: true;
}

/**
 * How far a resource is that takes its time. `waiting` says for what, for people to read; with `until` nobody needs to ask before that time, or
 * before something else wakes the stack. `made`: complete, and only now known; another id than before is another resource, whose predecessor
 * is deleted later. `id` names what a failed creation has made all the same.
 */
export type Progress =
  | 'complete'
  | { readonly waiting: string; readonly until?: number }
  | { readonly made: Made }
  | { readonly failed: string; readonly id?: string };

/** What a handler is given beside the operations of every service. */
export interface ResourceContext extends Context {
  readonly stackId: string;
  readonly stackName: string;
  readonly logicalId: string;
  /** Names this call; left out where no stack makes it. */
  readonly requestToken?: string;
  /** `<stack>-<logical id>-<random>`, cut to fit, the same for the same creation; AWS's way of naming what the template does not. */
  physicalName(options?: { readonly max?: number; readonly lowerCase?: boolean }): string;
  /** The stack's tags and the aws:cloudformation:* ones, merged with the resource's own `Tags`. */
  tags(own?: unknown): { Key: string; Value: string }[];
}

/**
 * One CloudFormation resource type, in terms of its service's own operations. Which property changes replace, are required or read-only, and
 * their types, come from the published schema, not from here.
 */
export interface ResourceHandler<Props = Properties> {
  create(properties: Props, context: ResourceContext): Made;
  /** In place; the schema has said that nothing here needs a replacement. Returns attributes when they changed. A type without it has only properties that replace. */
  update?(id: string, properties: Props, previous: Props, context: ResourceContext): Made['attributes'] | undefined;
  /** For a change that the schema says may need a new resource: whether this one does. Left out: it is updated in place. */
  replaces?(properties: Props, previous: Props): boolean;
  delete(id: string, properties: Props, context: ResourceContext): void;
  /** Asked again and again after create and update. Left out: complete at once. */
  progress?(id: string, properties: Props, context: ResourceContext): Progress;
  /** All attributes, read anew whenever it is complete: for a type that only then knows them. */
  attributes?(id: string, properties: Props, context: ResourceContext): NonNullable<Made['attributes']>;
  /** Like `progress`, after delete. */
  deleting?(id: string, properties: Props, context: ResourceContext): Progress;
}

/** Declares a handler; its properties are the caller's word for what the schema guarantees. */
export const resource = <Props = Properties>(handler: ResourceHandler<Props>): ResourceHandler =>
  handler as unknown as ResourceHandler;
