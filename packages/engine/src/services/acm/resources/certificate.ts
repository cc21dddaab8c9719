import type { CertificateOptions, KeyAlgorithm, ValidationMethod } from '@aws-sdk/client-acm';
import { type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import { isAwsError } from '../../../kernel/aws-error.ts';

interface CertificateProperties {
  readonly DomainName: string;
  readonly SubjectAlternativeNames?: string[];
  readonly DomainValidationOptions?: {
    readonly DomainName: string;
    readonly ValidationDomain?: string;
    readonly HostedZoneId?: string;
  }[];
  readonly ValidationMethod?: ValidationMethod;
  readonly CertificateTransparencyLoggingPreference?: NonNullable<
    CertificateOptions['CertificateTransparencyLoggingPreference']
  >;
  readonly CertificateExport?: NonNullable<CertificateOptions['Export']>;
  readonly KeyAlgorithm?: KeyAlgorithm;
  readonly Tags?: unknown;
}

/** AWS::CertificateManager::Certificate. `Ref` is the ARN. */
export const certificate = resource<CertificateProperties>({
  create(properties, context) {
    const { CertificateArn = '' } = context.acm.requestCertificate({
      DomainName: properties.DomainName,
      SubjectAlternativeNames: properties.SubjectAlternativeNames,
      ValidationMethod: properties.ValidationMethod,
      DomainValidationOptions: mailDomains(properties),
      KeyAlgorithm: properties.KeyAlgorithm,
      Options: {
        CertificateTransparencyLoggingPreference: properties.CertificateTransparencyLoggingPreference ?? 'ENABLED',
        Export: properties.CertificateExport ?? 'DISABLED',
      },
      Tags: context.tags(properties.Tags),
    });
    if (properties.ValidationMethod === 'DNS') putRecords(CertificateArn, properties, context);
    return { id: CertificateArn, attributes: { CertificateArn } };
  },

  update(CertificateArn, properties, previous, context) {
    const { acm } = context;
    const CertificateTransparencyLoggingPreference =
      properties.CertificateTransparencyLoggingPreference ?? ('ENABLED' as const);
    acm.updateCertificateOptions({ CertificateArn, Options: { CertificateTransparencyLoggingPreference } });
    const Tags = context.tags(properties.Tags);
    const gone = context.tags(previous.Tags).filter((old) => !Tags.some(({ Key }) => Key === old.Key));
    if (gone.length > 0) acm.removeTagsFromCertificate({ CertificateArn, Tags: gone });
    acm.addTagsToCertificate({ CertificateArn, Tags });
    return undefined;
  },

  delete(CertificateArn, _, { acm }) {
    try {
      acm.deleteCertificate({ CertificateArn });
    } catch (error) {
      if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
    }
  },
});

/** CloudFormation writes the validation records into the zones that the template names, and leaves them there. */
function putRecords(
  CertificateArn: string,
  { DomainValidationOptions = [] }: CertificateProperties,
  { acm, route53 }: ResourceContext,
): void {
  const { DomainValidationOptions: asked = [] } = acm.describeCertificate({ CertificateArn }).Certificate ?? {};
  for (const { DomainName, HostedZoneId } of DomainValidationOptions) {
    const record = asked.find((option) => option.DomainName === DomainName.toLowerCase())?.ResourceRecord;
    if (HostedZoneId === undefined || !record) continue;
    const { Name, Type, Value } = record;
    const ResourceRecordSet = { Name, Type, TTL: 300, ResourceRecords: [{ Value }] };
    route53.changeResourceRecordSets({
      HostedZoneId,
      ChangeBatch: { Changes: [{ Action: 'UPSERT', ResourceRecordSet }] },
    });
  }
}

/** Those that name a hosted zone are for CloudFormation, not for ACM. */
const mailDomains = ({ DomainValidationOptions = [] }: CertificateProperties) => {
  const named = DomainValidationOptions.flatMap(({ DomainName, ValidationDomain }) =>
    ValidationDomain === undefined ? [] : { DomainName, ValidationDomain },
  );
  return named.length > 0 ? named : undefined;
};
