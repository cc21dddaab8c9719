import { seededIds } from '../../kernel/ids.ts';
import { type ServiceName, serviceFacts } from '../../kernel/service-names.ts';
import { directClient } from '../../wire/differential/exchange.ts';
import { httpPlace, randomValues } from '../../wire/differential/random-value.ts';
import type { WireRequest, WireResponse } from '../../wire/message.ts';
import { sdkSchemas } from '../../wire/sdk-schemas.ts';
import { serviceAddresses } from '../../wire/service-addresses.ts';
import type { Operation } from '../../wire/shapes.ts';
import { constrainedValues } from './constrained-values.ts';
import { type FuzzedEngine, fuzzedEngine } from './fuzzed-engine.ts';
import { type Mutation, mutations } from './mutate.ts';

/**
 * Every operation that a service has, as its client would write it with random values that its model allows, then with one that it does
 * not, and then broken in several ways.
 */
export interface FuzzOptions {
  readonly seed: number;
  /** How many requests of each operation, beside the unbroken one. */
  readonly variants: number;
  readonly services?: readonly ServiceName[];
}

/** What must not be: answers of 5xx but for what is not there, answers that no client can read, none at all, and what the engine took for a bug of its own. */
export async function fuzz({
  seed,
  variants,
  services = Object.keys(serviceFacts) as ServiceName[],
}: FuzzOptions): Promise<{ asked: number; complaints: string[] }> {
  const engine = fuzzedEngine(seed);
  const complaints: string[] = [];
  let asked = 0;
  for (const service of services) {
    const ids = seededIds(seed * 31 + service.length);
    for (const operation of operationsOf(service, engine)) {
      for (const { request, mustFail } of await requestsOf(service, operation, ids, variants)) {
        const answered = await engine.ask({ ...request, service: serviceAddresses[service].signingName });
        asked += 1;
        const wrong = complaintOf(answered) ?? (mustFail ? acceptance(answered) : undefined);
        if (wrong) complaints.push(`${service}.${operation.name}: ${wrong}\n  ${showRequest(request)}`);
        complaints.push(
          ...engine.bugs.splice(0).map((bug) => `${service}.${operation.name}: ${bug}\n  ${showRequest(request)}`),
        );
      }
      engine.advance(60_000);
      complaints.push(...engine.bugs.splice(0).map((bug) => `after ${service}.${operation.name}: ${bug}`));
    }
  }
  return { asked, complaints };
}

const operationsOf = (service: ServiceName, { kernel }: FuzzedEngine): Operation[] =>
  [...sdkSchemas(service).operations.values()].filter(
    ({ name, input, output }) =>
      kernel.service(service)?.operations[name] &&
      ![...input.members, ...output.members].some(
        ({ traits, shape }) => traits.streaming && shape.kind === 'structure',
      ),
  );

type Ids = ReturnType<typeof seededIds>;

async function requestsOf(service: ServiceName, operation: Operation, ids: Ids, variants: number): Promise<Asked[]> {
  const values = randomValues(ids);
  const constrained = constrainedValues(service, operation.name, ids);
  const drawn = () => constrained.within(values.structure(operation.input, { placeOf: httpPlace }));
  const mutation = mutations(ids);
  const requests = [{ request: await write(service, operation, drawn()), mustFail: false }];
  const outside = constrained.outside(drawn());
  if (outside) requests.push({ request: await write(service, operation, outside), mustFail: true });
  for (let variant = 0; variant < variants; variant++) {
    // Some as wild as they come: what a model allows is not all that is sent.
    const input = variant % 4 === 3 ? values.structure(operation.input, { placeOf: httpPlace }) : drawn();
    const request = await write(service, operation, input);
    if (request)
      requests.push({ request: { ...request, body: broken(request.body, mutation, variant) }, mustFail: false });
  }
  return requests.flatMap(({ request, mustFail }) => (request ? [{ request, mustFail }] : []));
}

interface Asked {
  readonly request: WireRequest;
  /** Whether the model forbids it. */
  readonly mustFail: boolean;
}

const acceptance = (answered: WireResponse | undefined): string | undefined =>
  answered && answered.status < 400 ? `${answered.status} for what the model forbids` : undefined;

/** A body of JSON stays JSON two times of three; any other is broken as bytes. */
export function broken(body: Uint8Array, mutation: Mutation, variant: number): Uint8Array {
  const tree = variant % 3 === 2 ? undefined : jsonOf(Buffer.from(body).toString());
  return tree ? Buffer.from(JSON.stringify(mutation.json(tree))) : mutation.bytes(body);
}

/** Undefined for what is no JSON object; a blob of random bytes may begin like one. */
function jsonOf(text: string): object | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** What the official client sends for an input; undefined where it refuses to send it. */
async function write(
  service: ServiceName,
  operation: Operation,
  input: Record<string, unknown>,
): Promise<WireRequest | undefined> {
  let sent: WireRequest | undefined;
  const client = directClient(service, (request) => {
    sent = request;
    return { status: 200, headers: {}, body: '' };
  });
  const bucket = 'Bucket' in input ? { Bucket: 'fuzzed' } : {};
  await client.send(operation, { ...input, ...bucket }).catch(() => undefined);
  if (!sent) return undefined;
  const kept = Object.entries(sent.headers).filter(
    ([name]) =>
      !/^(authorization|host|x-amz-date|x-amz-content-sha256|content-length|x-amz-decoded-content-length|x-amz-trailer|x-amz-sdk-checksum-algorithm)$|^x-amz-checksum|content-encoding/.test(
        name,
      ),
  );
  return { ...sent, headers: Object.fromEntries(kept) };
}

export function complaintOf(answered: WireResponse | undefined): string | undefined {
  if (!answered) return 'no answer';
  const { status, body } = answered;
  if (status < 400 || status === 501) return undefined;
  const text = Buffer.from(body).toString();
  if (status >= 500) return `${status} ${text.slice(0, 300)}`;
  const isShaped =
    /"__type"|<Code>|"Type"|"message"/i.test(text) ||
    text === '' ||
    Buffer.from(body)[0] === 0xa2 ||
    Buffer.from(body)[0] === 0xbf;
  return isShaped ? undefined : `${status} without an error that a client can read: ${text.slice(0, 200)}`;
}

const showRequest = ({ method, path, query, body }: WireRequest): string =>
  `${method} ${path}${query ? `?${query}` : ''} ${Buffer.from(body).toString().slice(0, 400)}`;
