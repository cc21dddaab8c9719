import { expect, test } from 'vitest';
import { isAwsError } from '../kernel/aws-error.ts';
import { rootCaller } from '../kernel/caller.ts';
import { seededIds } from '../kernel/ids.ts';
import { type ServiceName, serviceFacts } from '../kernel/service-names.ts';
import { randomValues } from '../wire/differential/random-value.ts';
import { sdkSchemas } from '../wire/sdk-schemas.ts';
import type { Operation, StructureShape } from '../wire/shapes.ts';
import { fuzzedEngine } from './fuzz/fuzzed-engine.ts';
import { labScope } from './lab.ts';

const tokens = new Set(['NextToken', 'nextToken', 'Marker', 'ContinuationToken']);
const sizes = new Set([
  'MaxResults',
  'maxResults',
  'MaxItems',
  'Limit',
  'limit',
  'PageSize',
  'MaxRecords',
  'MaxBuckets',
]);
const nextTokens = ['NextToken', 'nextToken', 'NextMarker', 'Marker', 'ContinuationToken'];

/** What these take as a token is a name to begin after (a key, an object), so none is wrong; or there is never a second page. */
const anyTokenIsRight = new Set([
  ...[
    's3.ListObjects',
    's3.ListObjectsV2',
    's3.ListBucketAnalyticsConfigurations',
    's3.ListBucketMetricsConfigurations',
  ],
  ...['s3.ListBucketIntelligentTieringConfigurations', 's3.ListBucketInventoryConfigurations'],
  ...['dynamoDb.ListTagsOfResource', 'kms.ListKeyPolicies'],
]);
/** What a service says of a token that it has not given. */
const tokenErrors =
  /^(InvalidNextToken(Exception)?|InvalidMarkerException|InvalidParameter(Value)?(Exception)?|InvalidArgument|Validation(Error|Exception))$/;

const { kernel } = fuzzedEngine(1);
const origin = { scope: labScope, caller: rootCaller(labScope.account) };

const paged = (Object.keys(serviceFacts) as ServiceName[]).flatMap((service) =>
  [...sdkSchemas(service).operations.values()].flatMap((operation) => {
    const handler = kernel.service(service)?.operations[operation.name];
    const token = operation.input.members.find(({ name }) => tokens.has(name))?.name;
    const size = operation.input.members.find(({ name }) => sizes.has(name))?.name;
    return handler && !('waits' in handler) && token ? [{ service, operation, token, size }] : [];
  }),
);

/** The required members: names of what the engine is furnished with. */
function inputOf({ input }: Operation): Record<string, unknown> {
  const members = input.members.filter(({ required }) => required);
  const drawn = randomValues(seededIds(3)).structure({ ...input, members } as StructureShape);
  const named = members.flatMap(({ name, shape }) => (shape.kind === 'string' ? [[name, 'web']] : []));
  return members.length === 0 ? {} : { ...drawn, ...Object.fromEntries(named) };
}

function ask(service: ServiceName, operation: Operation, input: object): Record<string, unknown> | string {
  try {
    return kernel.request(service, operation.name, input, origin) as Record<string, unknown>;
  } catch (error) {
    if (!isAwsError(error)) throw error;
    return error.code;
  }
}

const missing = /NotFound|NotExist|NoSuch|Missing|MalformedPolicy|InvalidInput|ResourceNotFound/;

test('a token that no page has given is refused with an error of the service, and never the first page again', () => {
  const taken = paged.flatMap(({ service, operation, token }) =>
    ['garbage', '!!!!', Buffer.from('from--1').toString('base64url')].flatMap((garbage) => {
      if (anyTokenIsRight.has(`${service}.${operation.name}`)) return [];
      const answer = ask(service, operation, { ...inputOf(operation), [token]: garbage });
      const isRefused = typeof answer === 'string' && (tokenErrors.test(answer) || missing.test(answer));
      return isRefused
        ? []
        : [`${service}.${operation.name} ${garbage}: ${typeof answer === 'string' ? answer : 'taken'}`];
    }),
  );
  expect(taken).toEqual([]);
  expect(paged.length).toBeGreaterThan(90);
});

const nextOf = (answer: Record<string, unknown>) => nextTokens.map((name) => answer[name]).find((held) => held);

const listOf = (answer: Record<string, unknown>): unknown[] =>
  Object.values(answer).find((value): value is unknown[] => Array.isArray(value)) ?? [];

test('a size is honoured: page by page there is all that is on one page, once', () => {
  const wrong: string[] = [];
  let walked = 0;
  for (const { service, operation, token, size } of paged) {
    const input = inputOf(operation);
    const whole = ask(service, operation, input);
    if (!size || typeof whole === 'string' || listOf(whole).length < 2 || nextOf(whole)) continue;
    walked += 1;
    const found: unknown[] = [];
    let next: unknown;
    do {
      const page = ask(service, operation, { ...input, [size]: 1, ...(next === undefined ? {} : { [token]: next }) });
      if (typeof page === 'string') wrong.push(`${service}.${operation.name}: ${page}`);
      const items = typeof page === 'string' ? [] : listOf(page);
      if (items.length > 1) wrong.push(`${service}.${operation.name}: ${items.length} instead of 1`);
      found.push(...items);
      next = typeof page === 'string' ? undefined : nextOf(page);
    } while (next !== undefined && found.length <= listOf(whole).length);
    if (found.length !== listOf(whole).length)
      wrong.push(`${service}.${operation.name}: ${found.length} of ${listOf(whole).length}`);
  }
  expect(wrong).toEqual([]);
  expect(walked).toBeGreaterThan(10);
});
