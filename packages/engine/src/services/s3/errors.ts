import { AwsError } from '../../kernel/aws-error.ts';

const error = (code: string, status: number, message: string, members: Record<string, unknown> = {}) =>
  new AwsError(code, message, { status, members });

export const noSuchBucket = (name: string) =>
  error('NoSuchBucket', 404, 'The specified bucket does not exist', { BucketName: name });
export const noSuchKey = (key: string) => error('NoSuchKey', 404, 'The specified key does not exist.', { Key: key });
export const noSuchVersion = (key: string, version: string) =>
  error('NoSuchVersion', 404, 'The specified version does not exist.', { Key: key, VersionId: version });
export const noSuchUpload = (id: string) =>
  error(
    'NoSuchUpload',
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId: id },
  );
/** HEAD has no body, so its errors have no code but the status'. */
export const notFound = () => error('NotFound', 404, 'Not Found');
export const bucketExists = (own: boolean) =>
  own
    ? error(
        'BucketAlreadyOwnedByYou',
        409,
        'Your previous request to create the named bucket succeeded and you already own it.',
      )
    : error(
        'BucketAlreadyExists',
        409,
        'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
      );
export const bucketNotEmpty = (name: string) =>
  error('BucketNotEmpty', 409, 'The bucket you tried to delete is not empty', { BucketName: name });
export const invalidBucketName = (name: string) =>
  error('InvalidBucketName', 400, 'The specified bucket is not valid.', { BucketName: name });
export const invalidArgument = (message: string) => error('InvalidArgument', 400, message);
export const preconditionFailed = (condition: string) =>
  error('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });
export const notModified = () => error('NotModified', 304, 'Not Modified');
export const invalidRange = (range: string) =>
  error('InvalidRange', 416, 'The requested range is not satisfiable', { RangeRequested: range });
export const methodNotAllowed = () =>
  error('MethodNotAllowed', 405, 'The specified method is not allowed against this resource.');
export const badDigest = (what: string) =>
  error('BadDigest', 400, `The ${what} you specified did not match the calculated checksum.`);
export const invalidPart = () =>
  error(
    'InvalidPart',
    400,
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
  );
export const invalidPartOrder = () =>
  error('InvalidPartOrder', 400, 'The list of parts was not in ascending order. Parts must be ordered by part number.');
export const entityTooSmall = () =>
  error('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size');
export const notConfigured = (code: string, message: string) => error(code, 404, message);
