import { AwsError } from '../../kernel/aws-error.ts';

// The wording is the real service's: tools match on it.

export const clusterNotFound = () => new AwsError('ClusterNotFoundException', 'Cluster not found.');
export const serviceNotFound = () => new AwsError('ServiceNotFoundException', 'Service not found.');
export const serviceNotActive = () => new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
export const invalidParameter = (message: string) => new AwsError('InvalidParameterException', message);
export const clientError = (message: string) => new AwsError('ClientException', message);
export const taskDefinitionMissing = () => clientError('Unable to describe task definition.');
export const taskNotFound = () => invalidParameter('The referenced task was not found.');
/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html, ConflictException */
export const tokenInUse = (resourceIds: readonly string[]) =>
  new AwsError(
    'ConflictException',
    'The RunTask request could not be processed due to conflicts. The provided clientToken is already in use with a different RunTask request.',
    { members: { resourceIds } },
  );

/** For what AWS can do and nobody has written here: it must fail, not be stored and forgotten. */
export const notWritten = (what: string) =>
  new AwsError('NotImplemented', `ecs: ${what} is not implemented here`, { status: 501 });
