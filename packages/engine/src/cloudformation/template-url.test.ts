import { expect, test } from 'vitest';
import { objectPlace } from './template-url.ts';

test.each([
  ['https://s3.us-east-1.amazonaws.com/assets/a/b.json', 'assets', 'a/b.json'],
  ['https://s3.amazonaws.com/assets/b.json', 'assets', 'b.json'],
  ['https://s3-eu-west-1.amazonaws.com/assets/b.json', 'assets', 'b.json'],
  ['https://s3.dualstack.us-east-1.amazonaws.com/assets/b.json', 'assets', 'b.json'],
  ['https://assets.s3.us-east-1.amazonaws.com/b.json', 'assets', 'b.json'],
  ['https://my.dotted.bucket.s3.amazonaws.com/b.json', 'my.dotted.bucket', 'b.json'],
  ['https://s3.cn-north-1.amazonaws.com.cn/assets/b.json', 'assets', 'b.json'],
  ['http://127.0.0.1:4566/assets/b.json', 'assets', 'b.json'],
  ['http://localhost:4566/assets/b.json', 'assets', 'b.json'],
  ['http://s3.us-east-1.localhost:4566/assets/b.json', 'assets', 'b.json'],
  ['http://assets.s3.us-east-1.localhost:4566/b.json', 'assets', 'b.json'],
  ['https://s3.us-east-1.amazonaws.com/assets/a%20b.json', 'assets', 'a b.json'],
  ['s3://assets/a/b.json', 'assets', 'a/b.json'],
])('%s names an object', (url, bucket, key) => {
  expect(objectPlace(url)).toEqual({ bucket, key });
});

test.each(['not a url', 'https://example.com/a/b.json', 'ftp://s3.amazonaws.com/a/b', 'https://s3.amazonaws.com/a'])(
  '%s names none',
  (url) => {
    expect(objectPlace(url)).toBeUndefined();
  },
);

test('a version is kept', () => {
  expect(objectPlace('https://s3.amazonaws.com/a/b?versionId=7')).toEqual({ bucket: 'a', key: 'b', versionId: '7' });
});
