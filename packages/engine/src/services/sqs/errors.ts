import { AwsError } from '../../kernel/aws-error.ts';

export const queueDoesNotExist = () => new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
export const queueExists = (attribute: string) =>
  new AwsError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
  );
export const invalidParameter = (message: string) => new AwsError('InvalidParameterValue', message);
export const missingParameter = (name: string) =>
  new AwsError('MissingParameter', `The request must contain the parameter ${name}.`);
export const badValue = (value: string | number, parameter: string, reason: string) =>
  invalidParameter(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);
export const invalidQueueName = () =>
  invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
export const fifoNeedsSuffix = () => invalidParameter('The name of a FIFO queue can only end with .fifo suffix.');
export const unknownAttribute = (name: string) => new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
export const onlyForFifo = (name: string) =>
  new AwsError('InvalidAttributeName', `You can specify the ${name} only when FifoQueue is set to true.`);
export const invalidAttribute = (name: string, reason?: string) =>
  new AwsError(
    'InvalidAttributeValue',
    `Invalid value for the parameter ${name}.${reason === undefined ? '' : ` Reason: ${reason}`}`,
  );
export const tooLong = (max: number) =>
  invalidParameter(`One or more parameters are invalid. Reason: Message must be shorter than ${max} bytes.`);
export const invalidCharacters = () =>
  new AwsError(
    'InvalidMessageContents',
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
  );
export const emptyAttribute = (name: string, type: string) =>
  invalidParameter(`Message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`);
export const noDeduplication = () =>
  invalidParameter(
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  );
export const notForThisType = (value: string | number, parameter: string) =>
  badValue(value, parameter, 'The request include parameter that is not valid for this queue type.');
export const invalidHandle = (handle: string) =>
  new AwsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
export const expiredHandle = (handle: string) => badValue(handle, 'ReceiptHandle', 'The receipt handle has expired.');
export const notInFlight = (handle: string) =>
  badValue(handle, 'ReceiptHandle', 'Message does not exist or is not available for visibility timeout change.');
export const purgeInProgress = (name: string) =>
  new AwsError('PurgeQueueInProgress', `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`);
export const emptyBatch = () =>
  new AwsError('EmptyBatchRequest', 'There should be at least one SendMessageBatchRequestEntry in the request.');
export const tooManyEntries = (count: number) =>
  new AwsError('TooManyEntriesInBatchRequest', `Maximum number of entries per request are 10. You have sent ${count}.`);
export const repeatedEntry = (id: string) => new AwsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
export const invalidEntryId = () =>
  new AwsError(
    'InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  );
export const batchTooLong = (bytes: number, max: number) =>
  new AwsError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${max} bytes. You have sent ${bytes} bytes.`,
  );
export const accessDenied = () =>
  new AwsError('AccessDeniedException', 'Access to the resource is denied.', { status: 403 });
export const labelExists = (label: string) => badValue(label, 'Label', 'Already exists.');
export const labelUnknown = (label: string) => badValue(label, 'Label', "can't find label.");
export const invalidNextToken = () => invalidParameter('Invalid or expired next token.');
