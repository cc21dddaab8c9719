import { type Fault, faultMembers, isSender } from './fault.ts';
import type { WireRequest } from './message.ts';
import type { Protocol, Reply } from './protocol.ts';
import { type QueryDialect, queryDecoder } from './query-codec.ts';
import type { Operation, StructureShape } from './shapes.ts';
import { remember } from './tree-codec.ts';
import { element, escapeText, xmlWriter } from './xml-writer.ts';

type Decode = ReturnType<typeof queryDecoder>;
const decoders = { awsQuery: new WeakMap<object, Decode>(), ec2Query: new WeakMap<object, Decode>() };

const decoding =
  (dialect: QueryDialect) =>
  ({ input }: Operation, request: WireRequest): object =>
    remember(decoders[dialect], input, () => queryDecoder(input, dialect))(formParameters(request));

/** The parameters of a query request, in the body of a POST or in the URL. */
export function formParameters({ method, query, body }: WireRequest): URLSearchParams {
  const text = method === 'POST' && body.byteLength > 0 ? Buffer.from(body).toString('utf8') : query;
  return new URLSearchParams(text);
}

const xmlHeaders = ({ requestId }: Reply) => ({ 'content-type': 'text/xml', 'x-amzn-requestid': requestId });

const namespaceOf = ({ schemas }: Reply): string => ` xmlns="${schemas.protocol.xmlNamespace ?? ''}"`;

/** Query requests answered in XML: IAM, STS, SNS, CloudFormation, ELB, and CloudWatch's older clients. */
export const awsQuery: Protocol = {
  name: 'aws-query',
  decode: decoding('awsQuery'),
  encode({ name, output: shape }, output, reply) {
    // The result element is there only where the model has an output.
    const result = shape.name === 'Unit' ? '' : element(`${name}Result`, xmlWriter(shape)(output));
    const metadata = element('ResponseMetadata', element('RequestId', reply.requestId));
    return {
      status: 200,
      headers: xmlHeaders(reply),
      body: element(`${name}Response`, result + metadata, namespaceOf(reply)),
    };
  },
  refuse(fault, reply) {
    const error =
      element('Type', isSender(fault) ? 'Sender' : 'Receiver') +
      element('Code', escapeText(fault.queryCode)) +
      element('Message', escapeText(fault.message)) +
      extraMembers(fault);
    return {
      status: fault.queryStatus,
      headers: xmlHeaders(reply),
      body: element(
        'ErrorResponse',
        element('Error', error) + element('RequestId', reply.requestId),
        namespaceOf(reply),
      ),
    };
  },
};

/** What an error's shape has beside the message. */
export function extraMembers(fault: Fault): string {
  if (!fault.shape) return '';
  const members = Object.entries(faultMembers(fault)).filter(([name]) => name.toLowerCase() !== 'message');
  return members.length > 0 ? xmlWriter(fault.shape as StructureShape)(Object.fromEntries(members)) : '';
}

/** EC2's own variant: lists are always flat, names are capitalised, and the answer has no result element. */
export const ec2Query: Protocol = {
  name: 'ec2-query',
  decode: decoding('ec2Query'),
  encode: ({ name, output: shape }, output, reply) => ({
    status: 200,
    headers: xmlHeaders(reply),
    body:
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
      element(
        `${name}Response`,
        // EC2's namespace ends in a slash, which the SDK's does not have.
        element('requestId', reply.requestId) + xmlWriter(shape)(output),
        ` xmlns="${reply.schemas.protocol.xmlNamespace}/"`,
      ),
  }),
  refuse: (fault, reply) => ({
    status: fault.queryStatus,
    headers: xmlHeaders(reply),
    body:
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
      element(
        'Response',
        element(
          'Errors',
          element(
            'Error',
            element('Code', escapeText(fault.queryCode)) + element('Message', escapeText(fault.message)),
          ),
        ) + element('RequestID', reply.requestId),
      ),
  }),
};
