import { AwsError } from '../../kernel/aws-error.ts';

const error = (code: string, status: number, message: string, members: Record<string, unknown> = {}) =>
  new AwsError(code, message, { status, members });

export const noSuchBucket = (name: string) =>
  error('NoSuchBucket', 404, 'The specified bucket does not exist', { BucketName: name });
/** A key whose newest version is a delete marker says so in headers. */
export const noSuchKey = (key: string, marker?: string) =>
  error('NoSuchKey', 404, 'The specified key does not exist.', { Key: key, ...markerHeaders(marker) });
const markerHeaders = (version: string | undefined) =>
  version === undefined ? {} : { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version };
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
export const notFound = (members: Record<string, unknown> = {}) => error('NotFound', 404, 'Not Found', members);
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
export const invalidArgument = (message: string, members: Record<string, unknown> = {}) =>
  error('InvalidArgument', 400, message, members);
export const invalidRequest = (message: string) => error('InvalidRequest', 400, message);
export const malformedXml = () =>
  error(
    'MalformedXML',
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
export const malformedPolicy = (message: string) => error('MalformedPolicy', 400, message);
export const accessDenied = (message = 'Access Denied') => error('AccessDenied', 403, message);
export const keyTooLong = (size: number) =>
  error('KeyTooLongError', 400, 'Your key is too long', { Size: size, MaxSizeAllowed: 1024 });
export const invalidTag = (message: string, members: Record<string, unknown> = {}) =>
  error('InvalidTag', 400, message, members);
export const invalidDigest = (given: string) =>
  error('InvalidDigest', 400, 'The Content-MD5 you specified was invalid.', { 'Content-MD5': given });
export const illegalLocation = (asked: string) =>
  error(
    'IllegalLocationConstraintException',
    400,
    `The ${asked} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
/** The bucket is elsewhere; clients read from the header where, and ask there. */
export const permanentRedirect = (bucket: string, region: string) =>
  error(
    'PermanentRedirect',
    301,
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    { Endpoint: `${bucket}.s3.${region}.amazonaws.com`, Bucket: bucket, 'x-amz-bucket-region': region },
  );
export const invalidBucketState = (message: string) => error('InvalidBucketState', 409, message);
export const invalidPartNumber = (asked: number, actual: number) =>
  error('InvalidPartNumber', 416, 'The requested partnumber is not satisfiable', {
    PartNumberRequested: asked,
    ActualPartCount: actual,
  });
export const aclNotSupported = () => error('AccessControlListNotSupported', 400, 'The bucket does not allow ACLs');
export const preconditionFailed = (condition: string) =>
  error('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });
export const notModified = () => error('NotModified', 304, 'Not Modified');
export const invalidRange = (range: string, size: number) =>
  error('InvalidRange', 416, 'The requested range is not satisfiable', {
    RangeRequested: range,
    ActualObjectSize: size,
  });
export const methodNotAllowed = (marker: string) =>
  error('MethodNotAllowed', 405, 'The specified method is not allowed against this resource.', {
    Method: 'GET',
    ResourceType: 'DeleteMarker',
    ...markerHeaders(marker),
  });
export const badDigest = (what: string) =>
  error(
    'BadDigest',
    400,
    what === 'Content-MD5'
      ? 'The Content-MD5 you specified did not match what we received.'
      : `The ${what} you specified did not match the calculated checksum.`,
  );
export const invalidChecksumHeader = (name: string) =>
  invalidRequest(`Value for x-amz-checksum-${name.toLowerCase()} header is invalid.`);
export const invalidPart = (upload: string, number: number | undefined, etag: string | undefined) =>
  error(
    'InvalidPart',
    400,
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { UploadId: upload, PartNumber: number ?? 0, ETag: (etag ?? '').replaceAll('"', '') },
  );
export const invalidPartOrder = () =>
  error('InvalidPartOrder', 400, 'The list of parts was not in ascending order. Parts must be ordered by part number.');
export const entityTooSmall = ({ size, number, etag }: { size: number; number: number; etag: string }) =>
  error('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size', {
    ProposedSize: size,
    MinSizeAllowed: 5 * 1024 * 1024,
    PartNumber: number,
    ETag: etag.replaceAll('"', ''),
  });
export const notConfigured = (code: string, message: string) => error(code, 404, message);
