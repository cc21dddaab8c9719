import type * as sdk from '@aws-sdk/client-route-53';
import type { Context } from '../../kernel/context.ts';
import type { Known } from '../../kernel/known.ts';
import type { Handler as AnyHandler, OperationName } from '../../kernel/operation.ts';
import { table } from '../../kernel/store.ts';

export type Sdk = typeof sdk;
export type Handler<Op extends OperationName<Sdk>> = AnyHandler<Sdk, Op, Context>;
export type RecordSet = Known<sdk.ResourceRecordSet, 'Name' | 'Type'>;

export interface Zone {
  readonly id: string;
  /** With its dot at the end. */
  readonly name: string;
  readonly callerReference: string;
  readonly comment?: string;
  /** Of a private zone those that see it; a public one has none. */
  readonly vpcs?: readonly sdk.VPC[];
  readonly nameServers: readonly string[];
}

export interface ZoneRecord {
  readonly zone: string;
  readonly set: RecordSet;
}

/** A change, whose status follows from when it was submitted. */
export interface SubmittedChange {
  readonly id: string;
  readonly submittedAt: Date;
  readonly comment?: string;
}

export type HealthCheck = Known<sdk.HealthCheck, 'Id' | 'HealthCheckConfig' | 'HealthCheckVersion'>;

export const zones = table<Zone>('route53/zones', { scope: 'account' });
export const records = table<ZoneRecord, 'zone'>('route53/records', {
  scope: 'account',
  indexes: { zone: ({ zone }) => zone },
});
export const changes = table<SubmittedChange>('route53/changes', { scope: 'account' });
export const healthChecks = table<HealthCheck>('route53/health-checks', { scope: 'account' });
/** By kind and id of the resource: `hostedzone/Z1`. */
export const tags = table<readonly sdk.Tag[]>('route53/tags', { scope: 'account' });

/** What tells the record sets of a zone apart. */
export const setKey = ({ Name, Type, SetIdentifier = '' }: RecordSet): string => `${Name}|${Type}|${SetIdentifier}`;
