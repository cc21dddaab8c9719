import { inspect, isDeepStrictEqual } from 'node:util';
import { SmithyRpcV2CborProtocol } from '@smithy/core/cbor';
import { expect, test } from 'vitest';
import { seededIds } from '../../kernel/ids.ts';
import { type ServiceName, serviceFacts } from '../../kernel/service-names.ts';
import { unchunkBody } from '../request-body.ts';
import { sdkSchemas } from '../sdk-schemas.ts';
import { serviceAddresses } from '../service-addresses.ts';
import type { Operation } from '../shapes.ts';
import { parseTarget } from '../target.ts';
import { directClient } from './exchange.ts';
import { httpPlace, randomValues } from './random-value.ts';

// For every operation of every service: what the official SDK writes, we read back to the same value; what we write, the SDK reads back
// to the same value. Random values, nested, the same in every run.

/** What is not asked: operations that other hosts serve, and members that the SDK's client rewrites. */
const otherHosts = new Set(['ListDirectoryBuckets', 'WriteGetObjectResponse']);
const rewritten: Readonly<Partial<Record<ServiceName, RegExp>>> = {
  // The S3 client hashes keys, computes checksums, and reads Expires twice.
  s3: /^(Checksum|SSECustomer|CopySourceSSECustomer|ExpiresString)/,
  // Chooses another host and signature.
  eventBridge: /^EndpointId$/,
};

/** What keeps a client from judging random values. */
const clientOptions: Readonly<Partial<Record<ServiceName, object>>> = {
  // The SQS client compares messages with their digests.
  sqs: { md5: false },
};

const hasEventStream = ({ input, output }: Operation): boolean =>
  [...input.members, ...output.members].some(({ traits, shape }) => traits.streaming && shape.kind === 'structure');

const operationsOf = (service: ServiceName): Operation[] =>
  [...sdkSchemas(service).operations.values()].filter(
    (operation) => !otherHosts.has(operation.name) && !hasEventStream(operation),
  );

interface Trial {
  readonly operation: Operation;
  readonly input: Record<string, unknown>;
  readonly output: Record<string, unknown>;
}

/** Random input and output for an operation, within what its client lets through. */
function trialOf(service: ServiceName, operation: Operation, values: ReturnType<typeof randomValues>): Trial {
  const [input, output] = [operation.input, operation.output].map((shape) => {
    const value = values.structure(shape, { placeOf: httpPlace });
    return Object.fromEntries(Object.entries(value).filter(([name]) => !rewritten[service]?.test(name)));
  }) as [Record<string, unknown>, Record<string, unknown>];
  if ('Bucket' in input) input['Bucket'] = 'my-bucket';
  if ('Key' in input && service === 's3') input['Key'] = 'a/b c+d%/ü';
  const status = operation.output.members.find(({ traits }) => traits.httpResponseCode);
  if (status && status.name in output) output[status.name] = 200;
  return { operation, input, output };
}

/** Sends every operation through the SDK's client, and returns what did not come through the same. */
async function differences(service: ServiceName, seed: number, options: object = {}): Promise<string[]> {
  const schemas = sdkSchemas(service);
  const values = randomValues(seededIds(seed));
  const found: string[] = [];
  let trial: Trial | undefined;
  const client = directClient(
    service,
    (request) => {
      const target = parseTarget(request, serviceAddresses[service].signingName);
      if (!trial || target?.operation !== trial.operation.name)
        throw new Error(`${trial?.operation.name} was taken for ${target?.operation}`);
      const decoded = target.protocol.decode(trial.operation, unchunkBody(request), target.labels);
      found.push(...compare(trial, 'input', trial.input, decoded as Record<string, unknown>));
      return target.protocol.encode(trial.operation, trial.output, { requestId: 'r', schemas });
    },
    options,
  );
  for (const operation of operationsOf(service)) {
    trial = trialOf(service, operation, values);
    try {
      found.push(...compare(trial, 'output', trial.output, await client.send(operation, { ...trial.input })));
    } catch (error) {
      found.push(`${operation.name}: ${error}`);
    }
  }
  return found;
}

function compare(
  { operation }: Trial,
  what: string,
  wanted: Record<string, unknown>,
  got: Record<string, unknown>,
): string[] {
  return Object.keys(wanted)
    .filter((name) => !isDeepStrictEqual(plain(wanted[name]), plain(got[name])))
    .map((name) => `${operation.name} ${what} ${name}: ${inspect(wanted[name])} became ${inspect(got[name])}`);
}

/** Without what deep equality minds and a wire cannot know: prototypes, kinds of byte arrays. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return new Map(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

test.each(Object.keys(serviceFacts) as ServiceName[])('%s: every operation, both ways', async (service) => {
  expect(await differences(service, 1, clientOptions[service])).toEqual([]);
});

test('CloudWatch in CBOR', async () => {
  const protocol = new SmithyRpcV2CborProtocol({ defaultNamespace: 'com.amazonaws.cloudwatch' });
  expect(await differences('cloudWatch', 2, { protocol })).toEqual([]);
});

test('CloudWatch in Query', async () => {
  const { AwsQueryProtocol } = await import('@aws-sdk/core/protocols');
  const { version, xmlNamespace } = sdkSchemas('cloudWatch').protocol;
  const protocol = new AwsQueryProtocol({
    defaultNamespace: 'com.amazonaws.cloudwatch',
    xmlNamespace: xmlNamespace ?? '',
    version,
  });
  expect(await differences('cloudWatch', 3, { protocol })).toEqual([]);
});
