import type { CertificateDetail, CertificateSummary, Filters, ListCertificatesRequest } from '@aws-sdk/client-acm';
import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import { invalidToken, noExpiryDays } from '../errors.ts';
import { eligibilityOf, requireCertificate, statusOf, usersOf } from '../lookup.ts';
import { type Certificate, certificates, configurations, type Handler } from '../model.ts';
import { validationsOf } from '../validation.ts';
import { readCertificate } from '../x509/read-certificate.ts';

/** A summary names that many of the alternatives. */
const summarisedNames_max = 100;

export const getCertificate: Handler<'GetCertificate'> = ({ CertificateArn }, context) => {
  const { certificate, chain } = requireCertificate(context, CertificateArn);
  return { Certificate: certificate, ...(chain ? { CertificateChain: chain } : {}) };
};

export const describeCertificate: Handler<'DescribeCertificate'> = ({ CertificateArn }, context) => {
  const known = requireCertificate(context, CertificateArn);
  const facts = readCertificate(known.certificate);
  const InUseBy = [...(usersOf(context).get(known.arn) ?? [])];
  const Certificate: CertificateDetail = {
    CertificateArn: known.arn,
    DomainName: known.domain,
    SubjectAlternativeNames: [...known.names],
    ...(known.managedBy ? { ManagedBy: known.managedBy } : {}),
    DomainValidationOptions: validationsOf(known, context.scope.account),
    Serial: facts.serial,
    Subject: facts.subject,
    // ACM says of its own that Amazon signed them, whatever the certificate says.
    Issuer: known.type === 'AMAZON_ISSUED' ? 'Amazon' : facts.issuer,
    CreatedAt: known.createdAt,
    ...sinceOf(known),
    Status: statusOf(known, context.now),
    NotBefore: facts.notBefore,
    NotAfter: facts.notAfter,
    ...(facts.keyAlgorithm ? { KeyAlgorithm: facts.keyAlgorithm } : {}),
    SignatureAlgorithm: facts.signatureAlgorithm,
    InUseBy,
    Type: known.type,
    KeyUsages: facts.keyUsages,
    ExtendedKeyUsages: facts.extendedKeyUsages,
    RenewalEligibility: eligibilityOf(known, InUseBy.length > 0),
    ...renewalOf(known, context),
    Options: known.options,
  };
  return { Certificate };
};

const sinceOf = ({ type, currentSince }: Certificate) =>
  type === 'IMPORTED' ? { ImportedAt: currentSince } : { IssuedAt: currentSince };

const renewalOf = (known: Certificate, { scope }: Context): Pick<CertificateDetail, 'RenewalSummary'> =>
  known.renewedAt
    ? {
        RenewalSummary: {
          RenewalStatus: 'SUCCESS',
          DomainValidationOptions: validationsOf(known, scope.account),
          UpdatedAt: known.renewedAt,
        },
      }
    : {};

function summaryOf(known: Certificate, isInUse: boolean, now: number): CertificateSummary {
  const facts = readCertificate(known.certificate);
  return {
    CertificateArn: known.arn,
    DomainName: known.domain,
    SubjectAlternativeNameSummaries: known.names.slice(0, summarisedNames_max),
    HasAdditionalSubjectAlternativeNames: known.names.length > summarisedNames_max,
    Status: statusOf(known, now),
    Type: known.type,
    ...(facts.keyAlgorithm ? { KeyAlgorithm: facts.keyAlgorithm } : {}),
    KeyUsages: facts.keyUsages.flatMap(({ Name }) => Name ?? []),
    ExtendedKeyUsages: facts.extendedKeyUsages.flatMap(({ Name }) => Name ?? []),
    ...(known.options.Export ? { ExportOption: known.options.Export } : {}),
    InUse: isInUse,
    ...(known.options.Export === 'ENABLED' ? { Exported: known.wasExported } : {}),
    RenewalEligibility: eligibilityOf(known, isInUse),
    NotBefore: facts.notBefore,
    NotAfter: facts.notAfter,
    CreatedAt: known.createdAt,
    ...sinceOf(known),
    ...(known.managedBy ? { ManagedBy: known.managedBy } : {}),
  };
}

export const listCertificates: Handler<'ListCertificates'> = (input, context) => {
  const users = usersOf(context);
  const wanted = context.store
    .table(certificates)
    .list()
    .map((known) => summaryOf(known, users.has(known.arn), context.now))
    .filter((summary) => isWanted(summary, input))
    .sort(newestFirst);
  if (input.SortOrder === 'ASCENDING') wanted.reverse();
  const { items, nextToken } = page(wanted, {
    token: input.NextToken,
    size: input.MaxItems ?? 1000,
    invalid: invalidToken,
  });
  return { CertificateSummaryList: items, ...(nextToken ? { NextToken: nextToken } : {}) };
};

const newestFirst = (a: CertificateSummary, b: CertificateSummary): number =>
  (b.CreatedAt?.getTime() ?? 0) - (a.CreatedAt?.getTime() ?? 0);

const isWanted = (
  summary: CertificateSummary,
  { CertificateStatuses, Includes = {} }: ListCertificatesRequest,
): boolean =>
  (!CertificateStatuses || CertificateStatuses.some((status) => status === summary.Status)) &&
  isIncluded(summary, Includes);

/** Without a word on key types only RSA keys of up to 2048 bits are listed (API reference of `Filters`). */
function isIncluded(
  summary: CertificateSummary,
  { keyTypes, keyUsage, extendedKeyUsage, exportOption, managedBy }: Filters,
): boolean {
  const types: readonly string[] = keyTypes ?? ['RSA_1024', 'RSA_2048'];
  return (
    types.includes(summary.KeyAlgorithm?.replace('-', '_') ?? '') &&
    (keyUsage ?? []).every((usage) => summary.KeyUsages?.includes(usage)) &&
    (extendedKeyUsage ?? []).every((usage) => summary.ExtendedKeyUsages?.includes(usage)) &&
    (exportOption === undefined || summary.ExportOption === exportOption) &&
    (managedBy === undefined || summary.ManagedBy === managedBy)
  );
}

export const getAccountConfiguration: Handler<'GetAccountConfiguration'> = (_, { store }) => ({
  ExpiryEvents: store.table(configurations).get('account') ?? { DaysBeforeExpiry: 45 },
});

export const putAccountConfiguration: Handler<'PutAccountConfiguration'> = ({ ExpiryEvents }, { store }) => {
  const { DaysBeforeExpiry } = ExpiryEvents ?? {};
  if (DaysBeforeExpiry === undefined) return {};
  if (DaysBeforeExpiry < 1 || DaysBeforeExpiry > 90) throw noExpiryDays();
  store.table(configurations).put('account', { DaysBeforeExpiry });
  return {};
};
