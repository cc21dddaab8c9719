import { type Fault, faultMembers, isSender } from './fault.ts';
import { jsonDecoder, parseJson } from './json-codec.ts';
import { jsonWriter } from './json-writer.ts';
import type { WireRequest, WireResponse } from './message.ts';
import type { Labels, Protocol, Reply } from './protocol.ts';
import { type Bindings, bindingsOf, decodeBound, encodeHeaders } from './rest-bindings.ts';
import { jsonFault } from './rpc-protocols.ts';
import type { Member, Operation, StructureShape } from './shapes.ts';
import { remember } from './tree-codec.ts';
import { xmlDecoder } from './xml-reader.ts';
import { element, escapeText, writePayload, xmlWriter } from './xml-writer.ts';

/** How a REST protocol writes the document in a body. */
interface Document {
  readonly contentType: string;
  read(shape: StructureShape, body: Uint8Array): object;
  /** The members of an output that are in no header. */
  write(operation: Operation, body: StructureShape, output: object, reply: Reply): string;
  writePayload(member: Member, value: unknown, reply: Reply): string;
}

const jsonDocument: Document = {
  contentType: 'application/json',
  read: (shape, body) => jsonDecoder(shape)(parseJson(body)) as object,
  write: (_operation, body, output) => jsonWriter(body)(output),
  writePayload: ({ shape }, value) => jsonWriter(shape)(value),
};

const xmlDecoders = new WeakMap<object, ReturnType<typeof xmlDecoder>>();
const xmlDocument: Document = {
  contentType: 'application/xml',
  read: (shape, body) => (body.byteLength === 0 ? {} : remember(xmlDecoders, shape, () => xmlDecoder(shape))(body)),
  write(operation, body, output, { schemas }) {
    const name = operation.output.traits.xmlName ?? operation.output.name;
    const namespace = ` xmlns="${schemas.protocol.xmlNamespace}"`;
    // S3 answers the location itself in the root element, not in an element within it.
    if (operation.name === 'GetBucketLocation')
      return element('LocationConstraint', escapeText(String(Object.values(output)[0] ?? '')), namespace);
    return `<?xml version="1.0" encoding="UTF-8"?>\n${element(name, xmlWriter(body)(output), namespace)}`;
  },
  writePayload: (member, value, { schemas }) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n${writePayload(member, value, schemas.protocol.xmlNamespace)}`,
};

function decodeRest({ input }: Operation, request: WireRequest, labels: Labels, document: Document): object {
  const bindings = bindingsOf(input);
  const decoded = decodeBound(bindings, request, labels);
  const { payload, body } = bindings;
  if (payload) return { ...decoded, ...decodePayload(payload, request.body, document) };
  return body.members.length > 0 ? { ...document.read(body, request.body), ...decoded } : decoded;
}

function decodePayload({ name, shape, traits }: Member, body: Uint8Array, document: Document): object {
  // A stream is there even when it is empty; any other payload is not.
  if (body.byteLength === 0 && !traits.streaming) return {};
  if (shape.kind === 'blob') return { [name]: body };
  if (shape.kind === 'structure') return { [name]: document.read(shape, body) };
  return { [name]: Buffer.from(body).toString('utf8') };
}

function encodeRest(operation: Operation, output: object, reply: Reply, document: Document): WireResponse {
  const values = output as Readonly<Record<string, unknown>>;
  const bindings = bindingsOf(operation.output);
  const status = (bindings.status && (values[bindings.status.name] as number)) ?? operation.traits.http?.[2] ?? 200;
  const { body, contentType } = encodeBody(operation, bindings, values, reply, document);
  const headers = {
    ...(contentType ? { 'content-type': contentType } : {}),
    ...encodeHeaders(bindings, values),
  };
  return { status, headers, body };
}

function encodeBody(
  operation: Operation,
  { payload, body }: Bindings,
  values: Readonly<Record<string, unknown>>,
  reply: Reply,
  document: Document,
): { body: string | Uint8Array; contentType?: string } {
  if (!payload)
    return body.members.length > 0
      ? { body: document.write(operation, body, values, reply), contentType: document.contentType }
      : { body: '' };
  const value = values[payload.name];
  if (value === undefined || value === null) return { body: '' };
  if (payload.shape.kind === 'structure')
    return { body: document.writePayload(payload, value, reply), contentType: document.contentType };
  if (payload.shape.kind === 'blob')
    return { body: value as string | Uint8Array, contentType: 'application/octet-stream' };
  return { body: String(value), contentType: 'text/plain' };
}

/** REST with JSON bodies: Lambda. */
export const restJson: Protocol = {
  name: 'rest-json',
  decode: (operation, request, labels) => decodeRest(operation, request, labels, jsonDocument),
  encode(operation, output, reply) {
    const response = encodeRest(operation, output, reply, jsonDocument);
    return { ...response, headers: { ...response.headers, 'x-amzn-requestid': reply.requestId } };
  },
  refuse: (fault, reply) => ({
    status: fault.status,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': reply.requestId,
      'x-amzn-errortype': fault.code,
      ...(fault.shape ? encodeHeaders(bindingsOf(fault.shape), faultMembers(fault)) : {}),
    },
    body: JSON.stringify({ ...faultType(fault), ...jsonFault(fault) }),
  }),
};

/** Lambda's errors say whose fault they are. */
const faultType = (fault: Fault): object =>
  fault.shape?.byName.has('Type') ? { Type: isSender(fault) ? 'User' : 'Service' } : {};

/** REST with XML bodies: S3, whose errors have no element around them. */
export const restXml: Protocol = {
  name: 'rest-xml',
  decode: (operation, request, labels) => decodeRest(operation, request, labels, xmlDocument),
  encode(operation, output, reply) {
    const response = encodeRest(operation, output, reply, xmlDocument);
    return { ...response, headers: { ...response.headers, ...s3Headers(reply) } };
  },
  refuse: (fault, reply) => ({
    status: fault.status,
    headers: { 'content-type': 'application/xml', ...s3Headers(reply), ...headerMembers(fault) },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${element(
      'Error',
      element('Code', escapeText(fault.queryCode)) +
        element('Message', escapeText(fault.message)) +
        plainMembers(fault) +
        element('RequestId', reply.requestId) +
        element('HostId', reply.requestId),
    )}`,
  }),
};

/** REST with XML bodies as everybody but S3 writes it: Route 53. */
export const wrappedRestXml: Protocol = {
  name: 'rest-xml',
  decode: restXml.decode,
  encode(operation, output, reply) {
    const response = encodeRest(operation, output, reply, xmlDocument);
    return { ...response, headers: { ...response.headers, 'x-amzn-requestid': reply.requestId } };
  },
  refuse: (fault, { requestId, schemas }) => ({
    status: fault.status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: `<?xml version="1.0"?>\n${element(
      'ErrorResponse',
      element(
        'Error',
        element('Type', isSender(fault) ? 'Sender' : 'Receiver') +
          element('Code', escapeText(fault.queryCode)) +
          element('Message', escapeText(fault.message)),
      ) + element('RequestId', requestId),
      ` xmlns="${schemas.protocol.xmlNamespace}"`,
    )}`,
  }),
};

const isHeader = (name: string): boolean => name.startsWith('x-amz-');

/** What S3 says about an error in headers: the region a bucket is in, the delete marker that hides an object. */
const headerMembers = ({ members }: Fault): Record<string, string> =>
  Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) => (isHeader(name) ? [[name, String(value)]] : [])),
  );

/** Most of S3's errors are in no model; their further members are texts. */
const plainMembers = ({ members }: Fault): string =>
  Object.entries(members)
    .filter(([name]) => !isHeader(name))
    .map(([name, value]) => element(name, escapeText(String(value))))
    .join('');

const s3Headers = ({ requestId }: Reply) => ({ 'x-amz-request-id': requestId, 'x-amz-id-2': requestId });
