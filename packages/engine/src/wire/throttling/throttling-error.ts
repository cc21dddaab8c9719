import { AwsError } from '../../kernel/aws-error.ts';
import type { ServiceName } from '../../kernel/service-names.ts';
import type { ProtocolName } from '../protocol.ts';

/** What services say whose error for it is their own. Each from its API reference's errors, or its guide to request rates. */
const own: Readonly<Partial<Record<ServiceName, () => AwsError>>> = {
  // "Request throttling for the Amazon EC2 API"
  ec2: () => new AwsError('RequestLimitExceeded', 'Request limit exceeded.', { status: 503 }),
  // "Error responses", SlowDown
  s3: () => new AwsError('SlowDown', 'Please reduce your request rate.', { status: 503 }),
  // As recorded by localstack, lambda_/test_lambda_api
  lambda: () =>
    new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
      status: 429,
      members: { Reason: 'CallerRateLimitExceeded', Type: 'User' },
    }),
  // "Throttling AWS KMS requests"
  kms: () =>
    new AwsError(
      'ThrottlingException',
      'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
    ),
  dynamoDb: () => new AwsError('ThrottlingException', 'Rate of requests exceeds the allowed throughput.'),
  sqs: () => new AwsError('RequestThrottled', 'Rate exceeded'),
};

/** How a service tells that it is asked too often ("Common errors" of each API reference, where it has no own). */
export function throttlingError(service: ServiceName, protocol: ProtocolName): AwsError {
  const known = own[service];
  if (known) return known();
  return new AwsError(protocol === 'aws-query' ? 'Throttling' : 'ThrottlingException', 'Rate exceeded');
}
