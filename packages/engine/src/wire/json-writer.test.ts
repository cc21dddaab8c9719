import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonWriter } from './json-writer.ts';
import { operationSchema } from './sdk-schemas.ts';

function write(service: 'ecs' | 'ssm' | 'cloudWatch' | 'lambda', operation: string, output: object): unknown {
  const schema = operationSchema(service, operation);
  if (!schema) throw new Error('no such operation');
  return JSON.parse(jsonWriter(schema.output)(output));
}

test('times are epoch seconds; what no member is declared for, what is null and what is undefined are left out', () => {
  const output = {
    services: [
      { serviceName: 'web', createdAt: new Date(1500), desiredCount: 0, own: 1, roleArn: null, tags: undefined },
    ],
    failures: [],
  };
  expect(write('ecs', 'DescribeServices', output)).toEqual({
    services: [{ serviceName: 'web', createdAt: 1.5, desiredCount: 0 }],
    failures: [],
  });
});

test('numbers that JSON has no word for are strings', () => {
  const output = { MetricDataResults: [{ Id: 'a', Values: [1, Number.NaN, Number.POSITIVE_INFINITY, -0.5] }] };
  expect(write('cloudWatch', 'GetMetricData', output)).toEqual({
    MetricDataResults: [{ Id: 'a', Values: [1, 'NaN', 'Infinity', -0.5] }],
  });
});

test('any text and any key of a map come back as they were', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (key, text) => {
      const dockerLabels = Object.fromEntries([[key, text]]);
      const output = { taskDefinition: { containerDefinitions: [{ name: text, dockerLabels }] } };
      expect(write('ecs', 'RegisterTaskDefinition', output)).toEqual(output);
    }),
  );
});
