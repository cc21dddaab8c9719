import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { defineService } from '../../kernel/service.ts';
import { startLab } from '../../testing/lab.ts';
import { logs } from './index.ts';

const of = { logGroupName: '/app', logStreamName: 'one' };

function begin() {
  const received: { metrics: unknown[]; functions: string[] } = { metrics: [], functions: [] };
  const cloudWatch = defineService('cloudWatch', {
    operations: {
      PutMetricData: (input) => {
        received.metrics.push(...(input.MetricData ?? []));
        return {};
      },
    },
  });
  const lambda = defineService('lambda', {
    operations: {
      InvokeAsync: (input) => {
        received.functions.push(Buffer.from(input.InvokeArgs as never).toString());
        return { Status: 202 };
      },
    },
  });
  const lab = startLab({ services: () => [logs(), cloudWatch, lambda] });
  lab.logs.createLogGroup({ logGroupName: '/app' });
  lab.logs.createLogStream(of);
  const put = (...messages: string[]) =>
    lab.logs.putLogEvents({ ...of, logEvents: messages.map((message) => ({ timestamp: lab.clock.now(), message })) });
  const read = (more: object = {}) => lab.logs.getLogEvents({ ...of, ...more });
  return { lab, put, read, received };
}

test('a stream is walked to its end and back, whatever its length', () => {
  const { put, read } = begin();
  const all = Array.from({ length: 1700 }, (_, index) => `line ${index}`);
  for (let index = 0; index < all.length; index += 100) put(...all.slice(index, index + 100));
  const seen: (string | undefined)[] = [];
  let nextToken: string | undefined;
  for (;;) {
    const { events = [], nextForwardToken } = read({ startFromHead: true, limit: 333, nextToken });
    seen.push(...events.map((event) => event.message));
    if (nextForwardToken === nextToken) break;
    nextToken = nextForwardToken;
  }
  expect(seen).toEqual(all);
  const newest = read({ limit: 2 });
  expect(newest.events?.map((event) => event.message)).toEqual(['line 1698', 'line 1699']);
  expect(read({ limit: 2, nextToken: newest.nextBackwardToken }).events?.map((event) => event.message)).toEqual([
    'line 1696',
    'line 1697',
  ]);
});

test('filtering goes over all streams in order of time, in pages, with ids that differ', () => {
  const { lab, put } = begin();
  lab.logs.createLogStream({ logGroupName: '/app', logStreamName: 'two' });
  for (let round = 0; round < 3; round++) {
    put(`ERROR one ${round}`, 'fine');
    lab.advance('1s');
    lab.logs.putLogEvents({
      logGroupName: '/app',
      logStreamName: 'two',
      logEvents: [{ timestamp: lab.clock.now(), message: `ERROR two ${round}` }],
    });
    lab.advance('1s');
  }
  const first = lab.logs.filterLogEvents({ logGroupName: '/app', filterPattern: 'ERROR', limit: 4 });
  const rest = lab.logs.filterLogEvents({
    logGroupName: '/app',
    filterPattern: 'ERROR',
    limit: 4,
    nextToken: first.nextToken,
  });
  const found = [...(first.events ?? []), ...(rest.events ?? [])];
  expect(found.map((event) => event.message)).toEqual([
    'ERROR one 0',
    'ERROR two 0',
    'ERROR one 1',
    'ERROR two 1',
    'ERROR one 2',
    'ERROR two 2',
  ]);
  expect(new Set(found.map((event) => event.eventId)).size).toBe(6);
  expect(rest.nextToken).toBeUndefined();
});

test('what is too old is left out and said so; what is out of order is refused', () => {
  const { lab, read } = begin();
  const now = lab.clock.now();
  const put = (...timestamps: number[]) =>
    lab.logs.putLogEvents({ ...of, logEvents: timestamps.map((timestamp) => ({ timestamp, message: 'x' })) });
  expect(put(now - 15 * 86_400_000).rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
  expect(put(now, now + 3 * 3_600_000).rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
  expect(() => put(now, now - 1)).toThrow('chronological order');
  expect(read().events).toHaveLength(1);
});

test('a metric filter counts, a subscription gets its events gzipped, a third subscription is one too many', () => {
  const { lab, put, received } = begin();
  lab.logs.putMetricFilter({
    logGroupName: '/app',
    filterName: 'latency',
    filterPattern: '{ $.latency > 0 }',
    metricTransformations: [{ metricName: 'Latency', metricNamespace: 'App', metricValue: '$.latency' }],
  });
  const subscribe = (filterName: string) =>
    lab.logs.putSubscriptionFilter({
      logGroupName: '/app',
      filterName,
      filterPattern: 'latency',
      destinationArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
    });
  subscribe('a');
  put('{"latency":12}', 'nothing');
  expect(received.metrics).toMatchObject([{ MetricName: 'Latency', Value: 12 }]);
  const { awslogs } = JSON.parse(received.functions[0] ?? '') as { awslogs: { data: string } };
  expect(JSON.parse(gunzipSync(Buffer.from(awslogs.data, 'base64')).toString())).toMatchObject({
    logGroup: '/app',
    logStream: 'one',
    logEvents: [{ message: '{"latency":12}' }],
  });
  subscribe('b');
  expect(() => subscribe('c')).toThrow(expect.objectContaining({ code: 'LimitExceededException' }));
});

test('retention removes what is older', () => {
  const { lab, put, read } = begin();
  lab.logs.putRetentionPolicy({ logGroupName: '/app', retentionInDays: 1 });
  put('old');
  lab.advance('23h');
  expect(read().events).toHaveLength(1);
  lab.advance('3h');
  expect(read().events).toEqual([]);
  expect(() => lab.logs.putRetentionPolicy({ logGroupName: '/app', retentionInDays: 2 })).toThrow('is not one of');
});

test('resource policies: ten of them, each replaced under its name', () => {
  const { lab } = begin();
  const put = (policyName: string) => lab.logs.putResourcePolicy({ policyName, policyDocument: '{"Statement": []}' });
  for (let index = 0; index < 10; index++) put(`p${index}`);
  put('p9');
  expect(() => put('p10')).toThrow('Resource limit exceeded.');
  expect(lab.logs.describeResourcePolicies({ limit: 3 })).toMatchObject({
    resourcePolicies: [{ policyName: 'p0' }, { policyName: 'p1' }, { policyName: 'p2' }],
    nextToken: expect.any(String),
  });
  lab.logs.deleteResourcePolicy({ policyName: 'p0' });
  expect(() => lab.logs.deleteResourcePolicy({ policyName: 'p0' })).toThrow('Policy with name [p0] does not exist.');
  expect(() => lab.logs.putResourcePolicy({ policyName: 'x', policyDocument: 'no' })).toThrow('not valid JSON');
});
