import type * as sdk from '@aws-sdk/client-kms';
import type { Context } from '../../kernel/context.ts';
import type { Known } from '../../kernel/known.ts';
import type { Handler as AnyHandler, OperationName } from '../../kernel/operation.ts';
import { table } from '../../kernel/store.ts';

export type Sdk = typeof sdk;
export type Handler<Op extends OperationName<Sdk>> = AnyHandler<Sdk, Op, Context>;

export type KeyMetadata = Known<sdk.KeyMetadata, 'KeyId' | 'Arn' | 'KeySpec' | 'KeyUsage' | 'KeyState' | 'KeyManager'>;

/** Whether and how often a key's material is replaced by itself. */
export interface Rotation {
  readonly enabled: boolean;
  readonly period_days: number;
  /** Epoch milliseconds. */
  readonly nextAt?: number;
}

/** A key with its secret. */
export interface Key {
  readonly metadata: KeyMetadata;
  /**
   * What it encrypts with, in base64, oldest first: symmetric and HMAC keys have bytes, pairs their private key in PKCS #8. Rotation adds one; all
   * stay, so that what they have encrypted can be read. They are in the state folder, which is the user's own.
   */
  readonly materials: readonly string[];
  readonly policy: string;
  readonly rotation: Rotation;
  readonly rotations: readonly sdk.RotationsListEntry[];
  readonly tags: readonly sdk.Tag[];
}

export const keys = table<Key>('kms/keys');

export type Alias = Known<sdk.AliasListEntry, 'AliasName' | 'AliasArn' | 'TargetKeyId'>;

export const aliases = table<Alias, 'key'>('kms/aliases', { indexes: { key: ({ TargetKeyId }) => TargetKeyId } });

export type Grant = Known<sdk.GrantListEntry, 'GrantId' | 'KeyId' | 'Operations'> & { readonly token: string };

export const grants = table<Grant, 'key'>('kms/grants', { indexes: { key: ({ KeyId }) => KeyId } });
