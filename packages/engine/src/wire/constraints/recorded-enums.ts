/**
 * AWS lists enumerated values in no order that one could derive: that of a Java set. Where an answer of AWS has been recorded the order is
 * known (localstack's snapshots of real answers: cloudwatch, kms, lambda, logs, events, dynamodb; SSM by its users); else it is the model's.
 */
export const recordedEnums: readonly (readonly string[])[] = [
  ['INSUFFICIENT_DATA', 'ALARM', 'OK'],
  ['SecureString', 'StringList', 'String'],
  ['HMAC_SHA_384', 'HMAC_SHA_256', 'HMAC_SHA_224', 'HMAC_SHA_512'],
  ['RESPONSE_STREAM', 'BUFFERED'],
  ['Terminate', 'Allow'],
  ['w3c', 'raw', 'json', 'plain', 'parquet'],
  ['BASIC', 'OAUTH_CLIENT_CREDENTIALS', 'API_KEY'],
  ['MILLISECOND', 'MICROSECOND'],
];
