import { expect, test } from 'vitest';
import type { WireRequest } from './message.ts';
import { parseTarget } from './target.ts';

const request = (method: string, url: string, headers: Record<string, string> = {}, body = ''): WireRequest => {
  const [path = '/', query = ''] = url.split('?');
  return { method, path, query, headers: { host: '127.0.0.1:4566', ...headers }, body: Buffer.from(body) };
};
const vhost = { host: 'my-bucket.s3.eu-west-1.amazonaws.com' };

test.each([
  ['GET', '/', {}, 'ListBuckets', {}],
  ['GET', '/?x-id=ListBuckets', {}, 'ListBuckets', {}],
  ['PUT', '/b', {}, 'CreateBucket', { Bucket: 'b' }],
  ['HEAD', '/b/', {}, 'HeadBucket', { Bucket: 'b' }],
  ['GET', '/b', {}, 'ListObjects', { Bucket: 'b' }],
  ['GET', '/b?list-type=2&prefix=x', {}, 'ListObjectsV2', { Bucket: 'b' }],
  ['GET', '/b?location', {}, 'GetBucketLocation', { Bucket: 'b' }],
  ['GET', '/b?versioning=', {}, 'GetBucketVersioning', { Bucket: 'b' }],
  ['PUT', '/b?tagging', {}, 'PutBucketTagging', { Bucket: 'b' }],
  ['POST', '/b?delete', {}, 'DeleteObjects', { Bucket: 'b' }],
  ['GET', '/b/k', {}, 'GetObject', { Bucket: 'b', Key: 'k' }],
  ['GET', '/b/a%20b/c//d/', {}, 'GetObject', { Bucket: 'b', Key: 'a b/c//d/' }],
  ['GET', '/b/k?acl', {}, 'GetObjectAcl', { Bucket: 'b', Key: 'k' }],
  ['GET', '/b/k?uploadId=u', {}, 'ListParts', { Bucket: 'b', Key: 'k' }],
  ['PUT', '/b/k', {}, 'PutObject', { Bucket: 'b', Key: 'k' }],
  ['PUT', '/b/k', { 'x-amz-copy-source': 'b/x' }, 'CopyObject', { Bucket: 'b', Key: 'k' }],
  ['PUT', '/b/k?partNumber=1&uploadId=u', {}, 'UploadPart', { Bucket: 'b', Key: 'k' }],
  ['PUT', '/b/k?partNumber=1&uploadId=u', { 'x-amz-copy-source': 'b/x' }, 'UploadPartCopy', { Bucket: 'b', Key: 'k' }],
  ['POST', '/b/k?uploads', {}, 'CreateMultipartUpload', { Bucket: 'b', Key: 'k' }],
  ['POST', '/b/k?uploadId=u', {}, 'CompleteMultipartUpload', { Bucket: 'b', Key: 'k' }],
  ['DELETE', '/b/k?uploadId=u', {}, 'AbortMultipartUpload', { Bucket: 'b', Key: 'k' }],
  ['GET', '/', vhost, 'ListObjects', { Bucket: 'my-bucket' }],
  ['GET', '/a/b', vhost, 'GetObject', { Bucket: 'my-bucket', Key: 'a/b' }],
  ['GET', '/k', { host: 'x.localhost:4566' }, 'GetObject', { Bucket: 'x', Key: 'k' }],
  ['GET', '/b/k', { host: 's3.localhost' }, 'GetObject', { Bucket: 'b', Key: 'k' }],
] as const)('S3: %s %s %j is %s', (method, url, headers, operation, labels) => {
  expect(parseTarget(request(method, url, headers), 's3')).toMatchObject({ service: 's3', operation, labels });
});

test.each([
  ['GET', '/2015-03-31/functions/', 'ListFunctions', {}],
  ['GET', '/2015-03-31/functions/f', 'GetFunction', { FunctionName: 'f' }],
  ['POST', '/2015-03-31/functions/f/invocations', 'Invoke', { FunctionName: 'f' }],
  [
    'GET',
    '/2015-03-31/functions/arn%3Aaws%3Alambda%3Ar%3A0%3Afunction%3Af/configuration',
    'GetFunctionConfiguration',
    { FunctionName: 'arn:aws:lambda:r:0:function:f' },
  ],
  ['PUT', '/2017-10-31/functions/f/concurrency', 'PutFunctionConcurrency', { FunctionName: 'f' }],
] as const)('Lambda: %s %s is %s, with and without a signature', (method, url, operation, labels) => {
  for (const scope of ['lambda', undefined])
    expect(parseTarget(request(method, url), scope)).toMatchObject({ service: 'lambda', operation, labels });
});

const form = { 'content-type': 'application/x-www-form-urlencoded' };

test.each([
  ['ec2', 'Action=DescribeVpcs&Version=2016-11-15', 'ec2'],
  ['ec2', 'Action=DescribeVpcs&Version=2013-10-15', 'ec2'],
  ['elasticloadbalancing', 'Action=DescribeLoadBalancers&Version=2015-12-01', 'elbv2'],
  ['monitoring', 'Action=PutMetricData&Version=2010-08-01', 'cloudWatch'],
  [undefined, 'Action=GetCallerIdentity&Version=2011-06-15', 'sts'],
])('query with scope %s: %s goes to %s', (scope, body, service) => {
  expect(parseTarget(request('POST', '/', form, body), scope)?.service).toBe(service);
  expect(parseTarget(request('GET', `/?${body}`), scope)?.service).toBe(service);
});

test('the older generation of load balancers is said not to be here', () => {
  const classic = request('POST', '/', form, 'Action=DescribeLoadBalancers&Version=2012-06-01');
  expect(() => parseTarget(classic, 'elasticloadbalancing')).toThrow('no service has the API version 2012-06-01');
});
