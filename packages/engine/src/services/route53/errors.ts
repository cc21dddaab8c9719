import { AwsError } from '../../kernel/aws-error.ts';

export const invalidInput = (message: string) => new AwsError('InvalidInput', message);
/** A marker is the id of what the next page begins with; the wording is ours. */
export const invalidMarker = (marker: string) => invalidInput(`The marker ${marker} is not valid.`);
/** All that is wrong with a batch, in one sentence. */
export const invalidChangeBatch = (messages: readonly string[]) =>
  new AwsError('InvalidChangeBatch', `[${messages.join(', ')}]`);
export const noSuchZone = (id: string) =>
  new AwsError('NoSuchHostedZone', `No hosted zone found with ID: ${id}`, { status: 404 });
export const zoneExists = () =>
  new AwsError(
    'HostedZoneAlreadyExists',
    'A hosted zone has already been created with the specified caller reference.',
    { status: 409 },
  );
/** Route 53 writes two spaces. */
export const zoneNotEmpty = () =>
  new AwsError(
    'HostedZoneNotEmpty',
    'The specified hosted zone contains non-required resource record sets  and so cannot be deleted.',
  );
export const invalidDomainName = (name: string) =>
  new AwsError('InvalidDomainName', `${name} is not a valid domain name`);
export const invalidVpc = () =>
  new AwsError(
    'InvalidVPCId',
    "The VPC ID that you specified either isn't a valid ID or the current account is not authorized to access this VPC.",
  );
export const conflictingDomain = (vpc: string, zone: string) =>
  new AwsError(
    'ConflictingDomainExists',
    `The VPC ${vpc} has already been associated with the hosted zone ${zone} with the same domain name.`,
  );
export const publicZone = () =>
  new AwsError(
    'PublicZoneVPCAssociation',
    "You're trying to associate a VPC with a public hosted zone. Amazon Route 53 doesn't support associating a VPC with a public hosted zone.",
  );
export const notAssociated = () =>
  new AwsError('VPCAssociationNotFound', 'The specified VPC and hosted zone are not currently associated.', {
    status: 404,
  });
export const lastVpc = () =>
  new AwsError(
    'LastVPCAssociation',
    "The VPC that you're trying to disassociate from the private hosted zone is the last VPC that is associated with the hosted zone. Amazon Route 53 doesn't support disassociating the last VPC from a hosted zone.",
  );
export const privateWithoutVpc = () =>
  invalidInput(
    "When you're creating a private hosted zone (when you specify true for PrivateZone), you must also specify values for VPCId and VPCRegion.",
  );
export const noSuchChange = (id: string) =>
  new AwsError('NoSuchChange', `Could not find resource with ID: ${id}`, { status: 404 });
export const noSuchHealthCheck = (id: string) =>
  new AwsError('NoSuchHealthCheck', `A health check with id ${id} does not exist.`, { status: 404 });
export const healthCheckExists = () =>
  new AwsError(
    'HealthCheckAlreadyExists',
    'A health check with the same caller reference but different settings exists.',
    {
      status: 409,
    },
  );
export const oldHealthCheckVersion = () =>
  new AwsError(
    'HealthCheckVersionMismatch',
    "The value of HealthCheckVersion in the request doesn't match the value of HealthCheckVersion in the health check.",
    {
      status: 409,
    },
  );
export const noDelegationSets = () =>
  new AwsError('NotImplemented', 'route53: reusable delegation sets are not implemented here', { status: 501 });
