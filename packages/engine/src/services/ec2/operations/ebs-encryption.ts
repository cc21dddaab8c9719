import type { Context } from '../../../kernel/context.ts';
import { ebsDefaults, type Handler } from '../model.ts';

const defaultsOf = ({ store }: Context) => store.table(ebsDefaults).get('ebs') ?? { encrypted: false };

const ownKey = ({ scope }: Context): string => `arn:aws:kms:${scope.region}:${scope.account}:alias/aws/ebs`;

/** The key of volumes that are encrypted and name none: the account's choice, or the one AWS keeps for it. */
const defaultKey = (context: Context): string => defaultsOf(context).kmsKeyId ?? ownKey(context);

/** Where nobody says otherwise, a new volume is encrypted as its account wants it. */
export function encryptionOf(
  context: Context,
  { encrypted, kmsKeyId }: { readonly encrypted: boolean | undefined; readonly kmsKeyId: string | undefined },
): { readonly Encrypted: boolean; readonly KmsKeyId?: string } {
  if (!encrypted && !defaultsOf(context).encrypted) return { Encrypted: false };
  return { Encrypted: true, KmsKeyId: kmsKeyId ?? defaultKey(context) };
}

function setEncrypted(context: Context, encrypted: boolean) {
  context.store.table(ebsDefaults).put('ebs', { ...defaultsOf(context), encrypted });
  return { EbsEncryptionByDefault: encrypted };
}

export const enableEbsEncryptionByDefault: Handler<'EnableEbsEncryptionByDefault'> = (_, context) =>
  setEncrypted(context, true);
export const disableEbsEncryptionByDefault: Handler<'DisableEbsEncryptionByDefault'> = (_, context) =>
  setEncrypted(context, false);
export const getEbsEncryptionByDefault: Handler<'GetEbsEncryptionByDefault'> = (_, context) => ({
  EbsEncryptionByDefault: defaultsOf(context).encrypted,
});

export const getEbsDefaultKmsKeyId: Handler<'GetEbsDefaultKmsKeyId'> = (_, context) => ({
  KmsKeyId: defaultKey(context),
});
export const modifyEbsDefaultKmsKeyId: Handler<'ModifyEbsDefaultKmsKeyId'> = ({ KmsKeyId }, context) => {
  context.store.table(ebsDefaults).put('ebs', { ...defaultsOf(context), kmsKeyId: KmsKeyId });
  return { KmsKeyId };
};
export const resetEbsDefaultKmsKeyId: Handler<'ResetEbsDefaultKmsKeyId'> = (_, context) => {
  const { encrypted } = defaultsOf(context);
  context.store.table(ebsDefaults).put('ebs', { encrypted });
  return { KmsKeyId: ownKey(context) };
};
