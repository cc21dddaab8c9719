import type * as sdk from '@aws-sdk/client-secrets-manager';
import type { Context } from '../../kernel/context.ts';
import type { Handler as AnyHandler, OperationName } from '../../kernel/operation.ts';
import { table } from '../../kernel/store.ts';

export type Sdk = typeof sdk;
export type Handler<Op extends OperationName<Sdk>> = AnyHandler<Sdk, Op, Context>;

/** One version of a secret, encrypted with a data key of its own, which the secret's key encrypts. */
export interface Version {
  readonly id: string;
  readonly stages: readonly string[];
  readonly createdAt: Date;
  readonly kind: 'string' | 'binary';
  /** AES-256-GCM: the tag and the text, in base64. */
  readonly sealed: string;
  /** The data key, as KMS encrypted it, in base64. */
  readonly dataKey: string;
  /** A digest of the value, by which the same request is known again. */
  readonly digest: string;
}

export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly kmsKeyId?: string;
  /** Oldest first. Those without a stage are soon forgotten. */
  readonly versions: readonly Version[];
  readonly tags: readonly sdk.Tag[];
  readonly policy?: string;
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly accessedAt?: Date;
  /** When its deletion was asked for. */
  readonly deletedAt?: Date;
  readonly deletionAt?: Date;
}

/** By name: a secret that waits for its deletion still holds its name. */
export const secrets = table<Secret, 'arn'>('secretsmanager/secrets', { indexes: { arn: ({ arn }) => arn } });
