import type * as sdk from '@aws-sdk/client-cloudwatch-logs';
import type { Context } from '../../kernel/context.ts';
import type { Known } from '../../kernel/known.ts';
import type { Handler as AnyHandler, Input, OperationName } from '../../kernel/operation.ts';
import { table } from '../../kernel/store.ts';

export type Sdk = typeof sdk;
export type Handler<Op extends OperationName<Sdk>> = AnyHandler<Sdk, Op, Context>;
export type In<Op extends OperationName<Sdk>> = Input<Sdk, Op>;

export interface LogGroup {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly retentionInDays?: number;
  readonly kmsKeyId?: string;
  readonly logGroupClass: sdk.LogGroupClass;
  readonly tags: Readonly<Record<string, string>>;
}

export interface LogStream {
  readonly group: string;
  readonly name: string;
  readonly createdAt: number;
  readonly firstEventAt?: number;
  readonly lastEventAt?: number;
  readonly lastIngestedAt?: number;
  /** How many chunks have been begun: the number of the next. */
  readonly chunks: number;
}

export interface LogEvent {
  /** Counts up over the life of the stream; with the stream it makes the event's id. */
  readonly number: number;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly ingestedAt: number;
  readonly message: string;
}

/** Events of one stream in the order they came. A put rewrites only the newest chunk, which is closed when it is full. */
export interface Chunk {
  readonly group: string;
  readonly stream: string;
  readonly number: number;
  readonly events: readonly LogEvent[];
  readonly bytes: number;
}

export type MetricFilter = Known<
  sdk.MetricFilter,
  'filterName' | 'filterPattern' | 'metricTransformations' | 'logGroupName'
>;
export type SubscriptionFilter = Known<
  sdk.SubscriptionFilter,
  'filterName' | 'filterPattern' | 'destinationArn' | 'logGroupName'
>;

export type ResourcePolicy = Known<sdk.ResourcePolicy, 'policyName' | 'policyDocument'>;

export const resourcePolicies = table<ResourcePolicy>('logs/resource-policies');
export const logGroups = table<LogGroup>('logs/groups');
export const logStreams = table<LogStream, 'group'>('logs/streams', { indexes: { group: (stream) => stream.group } });
export const chunks = table<Chunk, 'stream'>('logs/chunks', {
  indexes: { stream: (chunk) => streamKey(chunk.group, chunk.stream) },
});
export const metricFilters = table<MetricFilter, 'group'>('logs/metric-filters', {
  indexes: { group: (filter) => filter.logGroupName },
});
export const subscriptionFilters = table<SubscriptionFilter, 'group'>('logs/subscription-filters', {
  indexes: { group: (filter) => filter.logGroupName },
});

export const streamKey = (group: string, stream: string): string => `${group}\n${stream}`;
export const chunkKey = (group: string, stream: string, number: number): string => `${group}\n${stream}\n${number}`;
export const groupArn = ({ scope }: Context, name: string): string =>
  `arn:aws:logs:${scope.region}:${scope.account}:log-group:${name}`;
