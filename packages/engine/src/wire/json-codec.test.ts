import { expect, test } from 'vitest';
import type { DecodeError } from './decode-error.ts';
import { jsonDecoder, parseJson } from './json-codec.ts';
import { operationSchema } from './sdk-schemas.ts';

const decode = (json: string): unknown => {
  const schema = operationSchema('ecs', 'RegisterTaskDefinition');
  if (!schema) throw new Error('no such operation');
  return jsonDecoder(schema.input)(parseJson(Buffer.from(json)));
};

test('nulls and unknown members are left out; a key of the client may be any word', () => {
  const json =
    '{"family":null,"nope":1,"containerDefinitions":[null,{"name":"a","image":null,"dockerLabels":{"__proto__":"x","b":null}}]}';
  const decoded = decode(json) as { containerDefinitions: { dockerLabels: object }[] };
  const labels = Object.entries(decoded.containerDefinitions[0]?.dockerLabels ?? {});
  expect(labels).toEqual([['__proto__', 'x']]);
  expect(Object.keys(decoded)).toEqual(['containerDefinitions']);
  expect(Object.keys(decoded.containerDefinitions[0] ?? {})).toEqual(['name', 'dockerLabels']);
});

test.each([
  ['{"family":1}', 'NUMBER_VALUE can not be converted to a String (at family)'],
  ['{"containerDefinitions":{}}', 'START_OBJECT can not be converted to a list (at containerDefinitions)'],
  [
    '{"containerDefinitions":[{"cpu":"1"}]}',
    'STRING_VALUE can not be converted to a Number (at containerDefinitions.0.cpu)',
  ],
  [
    '{"containerDefinitions":[{"essential":1}]}',
    'NUMBER_VALUE can not be converted to a Boolean (at containerDefinitions.0.essential)',
  ],
  ['[]', 'START_ARRAY can not be converted to a structure'],
  ['nope', 'The request body is not valid JSON'],
])('%s is refused, with the place', (json, explanation) => {
  try {
    decode(json);
    expect.unreachable();
  } catch (error) {
    expect((error as DecodeError).explain()).toBe(explanation);
  }
});
