import type { RequestCertificateRequest } from '@aws-sdk/client-acm';
import type { Context } from '../../../kernel/context.ts';
import { issue } from '../authority.ts';
import {
  exportIsFixed,
  importedHasNoOptions,
  inUse,
  notImplemented,
  notRenewable,
  unsupportedAlgorithm,
} from '../errors.ts';
import { eligibilityOf, putCertificate, requireCertificate, usersOf } from '../lookup.ts';
import { type Certificate, certificates, type Handler } from '../model.ts';
import type { CertificateKeys, IssuedKey } from '../ports.ts';
import { checkValidationDomains } from '../validation.ts';
import { readCertificate } from '../x509/read-certificate.ts';
import { checkTags } from './tags.ts';

/** The same token asks for the same certificate within an hour (API reference of RequestCertificate). */
const tokenLife_ms = 3_600_000;
const issuedKinds: readonly string[] = ['RSA_2048', 'EC_prime256v1', 'EC_secp384r1'] satisfies IssuedKey[];
const isIssued = (kind: string): kind is IssuedKey => issuedKinds.includes(kind);

export const requestCertificate =
  (keys: CertificateKeys): Handler<'RequestCertificate'> =>
  (input, context) => {
    const { KeyAlgorithm: kind = 'RSA_2048' } = input;
    if (input.CertificateAuthorityArn) throw notImplemented('a certificate of a private authority');
    if (!isIssued(kind)) throw unsupportedAlgorithm(kind);
    const asked = [input.DomainName ?? '', ...(input.SubjectAlternativeNames ?? [])];
    const names = [...new Set(asked.map((name) => name.toLowerCase()))];
    const known = sameRequest(input, names, context);
    if (known) return { CertificateArn: known.arn };
    const { scope, ids, now } = context;
    const arn = `arn:aws:acm:${scope.region}:${scope.account}:certificate/${ids.uuid('acm/certificate')}`;
    const time = new Date(now);
    putCertificate(context, {
      arn,
      type: 'AMAZON_ISSUED',
      domain: names[0] ?? '',
      names,
      ...issue({ names, kind }, context, keys),
      validation: {
        method: input.ValidationMethod ?? 'EMAIL',
        domains: checkValidationDomains(input.DomainValidationOptions ?? [], names),
      },
      options: { CertificateTransparencyLoggingPreference: 'ENABLED', Export: 'DISABLED', ...input.Options },
      ...(input.ManagedBy ? { managedBy: input.ManagedBy } : {}),
      tags: checkTags(input.Tags ?? []),
      createdAt: time,
      currentSince: time,
      wasExported: false,
      ...(input.IdempotencyToken ? { idempotencyToken: input.IdempotencyToken } : {}),
    });
    context.emit({
      type: 'acm/certificate-issued',
      subject: arn,
      message: `a certificate for ${names.join(', ')} is issued`,
      data: { arn, names },
    });
    return { CertificateArn: arn };
  };

function sameRequest(
  { IdempotencyToken }: RequestCertificateRequest,
  names: readonly string[],
  { store, now }: Context,
): Certificate | undefined {
  if (!IdempotencyToken) return undefined;
  return store
    .table(certificates)
    .list(
      ({ idempotencyToken, createdAt }) =>
        idempotencyToken === IdempotencyToken && createdAt.getTime() > now - tokenLife_ms,
    )
    .find((known) => known.names.length === names.length && names.every((name) => known.names.includes(name)));
}

export const renewCertificate =
  (keys: CertificateKeys): Handler<'RenewCertificate'> =>
  ({ CertificateArn }, context) => {
    const known = requireCertificate(context, CertificateArn);
    if (eligibilityOf(known, usersOf(context).has(known.arn)) === 'INELIGIBLE') throw notRenewable(known.arn);
    const kind = readCertificate(known.certificate).keyAlgorithm?.replace('-', '_') ?? '';
    if (!isIssued(kind)) throw unsupportedAlgorithm(kind);
    const time = new Date(context.now);
    putCertificate(context, {
      ...known,
      ...issue({ names: known.names, kind }, context, keys),
      currentSince: time,
      renewedAt: time,
    });
    context.emit({
      type: 'acm/certificate-renewed',
      subject: known.arn,
      message: `the certificate for ${known.names.join(', ')} is renewed`,
      data: { arn: known.arn },
    });
    return {};
  };

export const updateCertificateOptions: Handler<'UpdateCertificateOptions'> = ({ CertificateArn, Options }, context) => {
  const known = requireCertificate(context, CertificateArn);
  if (known.type === 'IMPORTED') throw importedHasNoOptions();
  if (Options.Export !== undefined && Options.Export !== known.options.Export) throw exportIsFixed();
  putCertificate(context, { ...known, options: { ...known.options, ...Options } });
  return {};
};

export const deleteCertificate: Handler<'DeleteCertificate'> = ({ CertificateArn }, context) => {
  const { arn } = requireCertificate(context, CertificateArn);
  if (usersOf(context).has(arn)) throw inUse(arn, context.scope.account);
  context.store.table(certificates).delete(arn);
  return {};
};
