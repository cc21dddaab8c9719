import { expect, test } from 'vitest';
import { readSettings } from './settings.ts';

const env = { SIDECAR_TARGET: 'http://127.0.0.1:8080/metrics', SIDECAR_NAMESPACE: 'Licences' };

test('the target and the namespace are enough', () => {
  expect(readSettings(env)).toEqual({
    target: 'http://127.0.0.1:8080/metrics',
    interval_seconds: 10,
    namespace: 'Licences',
    dimensions: {},
    speed: 1,
  });
});

test.each([
  {
    written: 'http://127.0.0.1:8080/metrics',
    mapped: { ROCKPOOL_PORT_8080: '31001' },
    target: 'http://127.0.0.1:31001/metrics',
  },
  {
    written: 'http://127.0.0.1/metrics',
    mapped: { ROCKPOOL_PORT_80: '31002' },
    target: 'http://127.0.0.1:31002/metrics',
  },
  {
    written: 'http://127.0.0.1:9090/metrics',
    mapped: { ROCKPOOL_PORT_8080: '31001' },
    target: 'http://127.0.0.1:9090/metrics',
  },
])('$written with $mapped is asked at $target', ({ written, mapped, target }) => {
  expect(readSettings({ ...env, ...mapped, SIDECAR_TARGET: written }).target).toBe(target);
});

test.each(['ClusterName=c, ServiceName=s=1', '{"ClusterName":"c","ServiceName":"s=1"}'])(
  'dimensions: %s',
  (written) => {
    const { dimensions } = readSettings({ ...env, SIDECAR_DIMENSIONS: written });
    expect(dimensions).toEqual({ ClusterName: 'c', ServiceName: 's=1' });
  },
);

test.each([
  { written: 'LicensesInUse, LicensesFree,', metrics: ['LicensesInUse', 'LicensesFree'] },
  { written: ' ', metrics: undefined },
])('metrics: "$written"', ({ written, metrics }) => {
  expect(readSettings({ ...env, SIDECAR_METRICS: written }).metrics).toEqual(metrics);
});

test.each([
  { name: 'SIDECAR_TARGET', value: '127.0.0.1:8080', says: 'not an http:// address' },
  { name: 'SIDECAR_TARGET', value: 'ftp://127.0.0.1/', says: 'not an http:// address' },
  { name: 'SIDECAR_NAMESPACE', value: 'AWS/ECS', says: 'not a namespace for own metrics' },
  { name: 'SIDECAR_NAMESPACE', value: '', says: 'not a namespace for own metrics' },
  { name: 'SIDECAR_DIMENSIONS', value: 'ClusterName', says: 'names and values' },
  { name: 'SIDECAR_DIMENSIONS', value: '{"ClusterName":1}', says: 'names and values' },
  { name: 'SIDECAR_DIMENSIONS', value: '{"ClusterName"', says: 'names and values' },
  { name: 'SIDECAR_INTERVAL_SECONDS', value: '0', says: 'not a number from 1 to 3600' },
  { name: 'ROCKPOOL_SPEED', value: 'fast', says: 'not a number' },
])('$name="$value" is refused', ({ name, value, says }) => {
  expect(() => readSettings({ ...env, [name]: value })).toThrow(says);
});
