import type { LifecycleRule } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import type { ObjectVersion } from '../model.ts';
import { planLifecycle } from './plan-lifecycle.ts';

const day = 86_400_000;
const noon = day / 2;

const version = (sequence: number, more: Partial<ObjectVersion> = {}): ObjectVersion => ({
  bucket: 'b',
  key: 'logs/a',
  versionId: `v${sequence}`,
  sequence,
  lastModified: new Date(noon),
  deleteMarker: false,
  digest: '',
  size: 200_000,
  etag: '',
  contentType: '',
  headers: {},
  metadata: {},
  storageClass: 'STANDARD',
  tags: [],
  checksums: {},
  encryption: { ServerSideEncryption: 'AES256' },
  ...more,
});

const rule = (more: Partial<LifecycleRule>): LifecycleRule => ({
  Status: 'Enabled',
  Filter: { Prefix: 'logs/' },
  ...more,
});

const steps = (rules: LifecycleRule[], versions: ObjectVersion[], days: number) =>
  planLifecycle(rules, { versions, uploads: [] }, days * day).map((step) =>
    step.kind === 'abort'
      ? 'abort'
      : `${step.kind} ${step.version.versionId}${step.kind === 'transition' ? ` ${step.to}` : ''}`,
  );

test.each<[string, LifecycleRule[], ObjectVersion[], number, string[]]>([
  ['the day is rounded up to midnight', [rule({ Expiration: { Days: 1 } })], [version(1)], 1.9, []],
  ['and then it is due', [rule({ Expiration: { Days: 1 } })], [version(1)], 2, ['expire v1']],
  ['a rule that is off does nothing', [rule({ Status: 'Disabled', Expiration: { Days: 1 } })], [version(1)], 9, []],
  ['other prefixes stay', [rule({ Filter: { Prefix: 'x' }, Expiration: { Days: 1 } })], [version(1)], 9, []],
  [
    'all of a filter must hold',
    [rule({ Filter: { And: { Prefix: 'logs/', Tags: [{ Key: 'a', Value: 'b' }] } }, Expiration: { Days: 1 } })],
    [version(1), version(1, { key: 'logs/b', versionId: 'w', tags: [{ Key: 'a', Value: 'b' }] })],
    9,
    ['expire w'],
  ],
  [
    'noncurrent versions count from when they were replaced, and the newest of them may be kept',
    [rule({ NoncurrentVersionExpiration: { NoncurrentDays: 2, NewerNoncurrentVersions: 1 } })],
    [version(1, { noncurrentSince: new Date(noon) }), version(2, { noncurrentSince: new Date(noon) }), version(3)],
    3,
    ['remove v1'],
  ],
  [
    'a delete marker goes when nothing is left behind it',
    [rule({ Expiration: { ExpiredObjectDeleteMarker: true } })],
    [version(1, { deleteMarker: true })],
    1,
    ['remove v1'],
  ],
  [
    'but not while something is',
    [rule({ Expiration: { ExpiredObjectDeleteMarker: true } })],
    [version(1), version(2, { deleteMarker: true })],
    1,
    [],
  ],
  [
    'the latest transition that is due counts',
    [
      rule({
        Transitions: [
          { Days: 1, StorageClass: 'STANDARD_IA' },
          { Days: 3, StorageClass: 'GLACIER' },
        ],
      }),
    ],
    [version(1)],
    9,
    ['transition v1 GLACIER'],
  ],
  [
    'small objects stay',
    [rule({ Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] })],
    [version(1, { size: 9 })],
    9,
    [],
  ],
])('%s', (_, rules, versions, days, expected) => expect(steps(rules, versions, days)).toEqual(expected));
