import type * as sdk from '@aws-sdk/client-acm';
import type { Context } from '../../kernel/context.ts';
import type { Handler as AnyHandler, OperationName } from '../../kernel/operation.ts';
import { table } from '../../kernel/store.ts';

export type Sdk = typeof sdk;
export type Handler<Op extends OperationName<Sdk>> = AnyHandler<Sdk, Op, Context>;

/** A certificate with its key. What the certificate itself says is read from it (`readCertificate`), never kept beside it. */
export interface Certificate {
  readonly arn: string;
  readonly type: 'AMAZON_ISSUED' | 'IMPORTED';
  readonly domain: string;
  /** The domain and its alternatives. */
  readonly names: readonly string[];
  /** PEM. */
  readonly certificate: string;
  readonly chain?: string;
  /** PKCS #8, PEM. */
  readonly privateKey: string;
  readonly validation?: {
    readonly method: sdk.ValidationMethod;
    /** Where mails would go, by domain, where that is not the domain itself. */
    readonly domains: Readonly<Record<string, string>>;
  };
  readonly options: sdk.CertificateOptions;
  readonly managedBy?: sdk.CertificateManagedBy;
  readonly tags: readonly sdk.Tag[];
  readonly createdAt: Date;
  /** When it was issued or imported, the last time. */
  readonly currentSince: Date;
  readonly renewedAt?: Date;
  readonly wasExported: boolean;
  /** Names the request that made it. */
  readonly idempotencyToken?: string;
}

/** The engine's own certificate authority: one for all accounts, made when it is first needed. */
export interface Authority {
  readonly certificate: string;
  /** PKCS #8, PEM. */
  readonly privateKey: string;
}

export const certificates = table<Certificate>('acm/certificates');
export const authorities = table<Authority>('acm/authorities', { scope: 'global' });
/** The account's settings, under the id `account`. */
export const configurations = table<sdk.ExpiryEventsConfiguration>('acm/configurations');
