import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { type ServiceName, serviceFacts } from '../../kernel/service-names.ts';
import type { WireRequest, WireResponse } from '../message.ts';
import { type ClientRequest, wireRequest } from '../request-handler.ts';
import type { Operation } from '../shapes.ts';

/** An SDK client whose server is a function of ours. */
export interface DirectClient {
  /** What the SDK makes of the answer. */
  send(operation: Operation, input: object): Promise<Record<string, unknown>>;
}

const loadModule = createRequire(import.meta.url);

interface Sdk {
  readonly [name: string]: new (...parameters: never[]) => { send(command: unknown): Promise<Record<string, unknown>> };
}

/** The official client of a service, over `serve`. `options` go to the client, for instance another protocol. */
export function directClient(
  service: ServiceName,
  serve: (request: WireRequest) => WireResponse,
  options: object = {},
): DirectClient {
  const sdk = loadModule(serviceFacts[service].sdk) as Sdk;
  const Client = Object.entries(sdk).find(([name]) => name.endsWith('Client') && name !== '__Client')?.[1] as new (
    config: object,
  ) => { send(command: unknown): Promise<Record<string, unknown>> };
  const client = new Client({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:4566',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    maxAttempts: 1,
    disableHostPrefix: true,
    forcePathStyle: true,
    requestHandler: handlerOf(serve),
    ...options,
  });
  return {
    async send(operation, input) {
      const Command = sdk[`${operation.name}Command`] as unknown as new (input: object) => unknown;
      const { $metadata, ...output } = await client.send(new Command(input));
      for (const { name, traits } of operation.output.members)
        if (traits.streaming && output[name]) output[name] = await collect(output[name] as AsyncIterable<Uint8Array>);
      return output;
    },
  };
}

const handlerOf = (serve: (request: WireRequest) => WireResponse) => ({
  metadata: { handlerProtocol: 'http/1.1' },
  async handle(request: ClientRequest) {
    const { status, headers, body } = serve(await wireRequest(request));
    const bytes = Buffer.from(body);
    return { response: { statusCode: status, headers, body: Readable.from(bytes.byteLength > 0 ? [bytes] : []) } };
  },
});

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}
