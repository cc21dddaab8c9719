import { cborDecoder, cborEncoder, parseCbor, writeCbor } from './cbor-codec.ts';
import { type Fault, faultMembers, isSender } from './fault.ts';
import { jsonDecoder, parseJson } from './json-codec.ts';
import { jsonWriter } from './json-writer.ts';
import { header } from './message.ts';
import type { Protocol, Reply } from './protocol.ts';

const makeAwsJson = (version: '1.0' | '1.1'): Protocol => {
  const headers = (reply: Reply) => ({
    'content-type': `application/x-amz-json-${version}`,
    'x-amzn-requestid': reply.requestId,
  });
  return {
    name: 'aws-json',
    decode: (operation, request) => jsonDecoder(operation.input)(parseJson(request.body)) as object,
    encode: (operation, output, reply) => ({
      status: 200,
      headers: headers(reply),
      body: jsonWriter(operation.output)(output),
    }),
    refuse: (fault, reply) => ({
      status: fault.status,
      headers: { ...headers(reply), ...queryCompatibleHeader(fault, reply) },
      body: JSON.stringify({ __type: fault.code, ...jsonFault(fault) }),
    }),
  };
};

/** They differ in the content type only. */
export const awsJson = { '1.0': makeAwsJson('1.0'), '1.1': makeAwsJson('1.1') };

/** The members of an error as JSON. */
export function jsonFault(fault: Fault): object {
  const members = faultMembers(fault);
  return fault.shape ? (JSON.parse(jsonWriter(fault.shape)(members)) as object) : members;
}

/** Smithy RPC v2 with CBOR. */
export const rpcCbor: Protocol = {
  name: 'rpc-cbor',
  decode: (operation, request) => cborDecoder(operation.input)(parseCbor(request.body)) as object,
  encode: (operation, output, reply) => ({
    status: 200,
    headers: cborHeaders(reply),
    body: writeCbor(cborEncoder(operation.output)(output)),
  }),
  refuse(fault, reply) {
    const members = faultMembers(fault);
    const encoded = fault.shape ? (cborEncoder(fault.shape)(members) as object) : members;
    return {
      status: fault.status,
      headers: { ...cborHeaders(reply), ...queryCompatibleHeader(fault, reply) },
      body: writeCbor({ __type: fault.code, ...encoded }),
    };
  },
};

const cborHeaders = ({ requestId }: Reply) => ({
  'content-type': 'application/cbor',
  'smithy-protocol': 'rpc-v2-cbor',
  'x-amzn-requestid': requestId,
});

/** Services that moved from the query protocol to another tell their clients the old code too. */
const queryCompatibleHeader = (fault: Fault, { schemas }: Reply): Record<string, string> =>
  schemas.protocol.awsQueryCompatible
    ? { 'x-amzn-query-error': `${fault.queryCode};${isSender(fault) ? 'Sender' : 'Receiver'}` }
    : {};

/** Which JSON version a request speaks; without a content type, the version that the service's own SDK speaks. */
export const jsonVersion = (request: Parameters<typeof header>[0]): '1.0' | '1.1' =>
  header(request, 'content-type')?.includes('x-amz-json-1.0') ? '1.0' : '1.1';
