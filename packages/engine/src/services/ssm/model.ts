import type * as Sdk from '@aws-sdk/client-ssm';
import { table } from '../../kernel/store.ts';

/** One version of a parameter. SecureString values are kept as they are: KMS is not asked, the state folder is the user's own. */
export interface ParameterVersion {
  readonly version: number;
  readonly value: string;
  readonly type: Sdk.ParameterType;
  readonly tier: Sdk.ParameterTier;
  readonly dataType: string;
  readonly labels: readonly string[];
  readonly modifiedAt: Date;
  readonly modifiedBy: string;
  readonly description?: string;
  readonly allowedPattern?: string;
  readonly keyId?: string;
  readonly policies?: string;
}

/** A parameter with all its versions, oldest first; never without one. */
export interface Parameter {
  readonly name: string;
  readonly arn: string;
  readonly versions: readonly ParameterVersion[];
  readonly tags: readonly Sdk.Tag[];
}

export const parameters = table<Parameter>('ssm/parameters');

/** Names are looked up with or without the leading slash of a one-level path: `/a` and `a` are two names, as on AWS. */
export const latest = ({ versions, name }: Parameter): ParameterVersion => {
  const last = versions.at(-1);
  if (!last) throw new Error(`the parameter ${name} must have a version`);
  return last;
};
