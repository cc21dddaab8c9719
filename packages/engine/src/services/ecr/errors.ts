import { AwsError } from '../../kernel/aws-error.ts';

export const repositoryNotFound = (name: string, account: string) =>
  new AwsError(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${account}'`,
  );
export const repositoryExists = (name: string, account: string) =>
  new AwsError(
    'RepositoryAlreadyExistsException',
    `The repository with name '${name}' already exists in the registry with id '${account}'`,
  );
export const repositoryNotEmpty = (name: string, account: string) =>
  new AwsError(
    'RepositoryNotEmptyException',
    `The repository with name '${name}' in registry with id '${account}' cannot be deleted because it still contains images`,
  );
export const imageNotFound = (repository: string, account: string, id: string) =>
  new AwsError(
    'ImageNotFoundException',
    `The image with imageId {${id}} does not exist within the repository with name '${repository}' in the registry with id '${account}'`,
  );
export const tagImmutable = (repository: string, account: string, tag: string) =>
  new AwsError(
    'ImageTagAlreadyExistsException',
    `The image tag '${tag}' already exists in the '${repository}' repository and cannot be overwritten because the repository is immutable.`,
    { members: { registryId: account } },
  );
export const imageExists = (repository: string, account: string, digest: string, tag: string | undefined) =>
  new AwsError(
    'ImageAlreadyExistsException',
    `Image with digest '${digest}' and tag '${tag ?? ''}' already exists in the repository with name '${repository}' in registry with id '${account}'`,
  );
export const layersNotFound = (digests: readonly string[]) =>
  new AwsError(
    'LayersNotFoundException',
    `The following layers are not found in the repository: ${digests.join(', ')}`,
  );
export const invalidManifest = (why: string) =>
  new AwsError(
    'InvalidParameterException',
    `Invalid parameter at 'imageManifest' failed to satisfy constraint: '${why}'`,
  );
export const invalidParameter = (message: string) => new AwsError('InvalidParameterException', message);
export const uploadNotFound = (id: string) =>
  new AwsError('UploadNotFoundException', `The upload with id '${id}' was not found`);
export const digestMismatch = (given: string, found: string) =>
  new AwsError(
    'ImageDigestDoesNotMatchException',
    `The given digest '${given}' does not match the manifest's '${found}'`,
  );
export const policyNotFound = (name: string, account: string) =>
  new AwsError(
    'RepositoryPolicyNotFoundException',
    `Repository policy does not exist for the repository with name '${name}' in the registry with id '${account}'`,
  );
export const lifecyclePolicyNotFound = (name: string, account: string) =>
  new AwsError(
    'LifecyclePolicyNotFoundException',
    `Lifecycle policy does not exist for the repository with name '${name}' in the registry with id '${account}'`,
  );
export const invalidNextToken = () =>
  invalidParameter(
    "Invalid parameter at 'nextToken' failed to satisfy constraint: 'must be a token of an earlier answer'",
  );
