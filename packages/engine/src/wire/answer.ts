import { AwsError, isAwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { checkConstraints } from './constraints/check-constraints.ts';
import { DecodeError } from './decode-error.ts';
import { faultOf } from './fault.ts';
import { defaultAccount, identify } from './identity.ts';
import { header, type WireRequest, type WireResponse } from './message.ts';
import { answerForm } from './post-object/answer-form.ts';
import type { ProtocolName, Reply } from './protocol.ts';
import { inflateBody, unchunkBody } from './request-body.ts';
import { checkRequired } from './required-members.ts';
import { sdkSchemas } from './sdk-schemas.ts';
import { presentedSignature } from './sigv4.ts';
import { parseTarget, type Target } from './target.ts';
import type { Throttling } from './throttling/throttling.ts';
import { throttlingError } from './throttling/throttling-error.ts';

export interface AnswerOptions {
  readonly kernel: Kernel;
  /** Whose root an access key is that the engine did not issue; 000000000000 unless told otherwise. */
  readonly account?: string;
  /** The limits that an operator has set; without them nothing is refused for coming too often. */
  readonly throttling?: Throttling;
  /** Hears of everything that is our fault; the client only gets an InternalFailure. */
  onBug(error: unknown, where: string): void;
}

/** Answers an AWS request. A promise only where the operation's handler waits. */
export function answer(sent: WireRequest, options: AnswerOptions): WireResponse | Promise<WireResponse> {
  const requestId = options.kernel.options.ids.uuid('wire/request');
  try {
    const request = inflateBody(sent);
    const form = answerForm(request, { kernel: options.kernel, account: options.account ?? defaultAccount, requestId });
    if (form) return form;
    const presented = presentedSignature(request);
    const scopeService = presented === 'incomplete' || presented?.version !== 4 ? undefined : presented.service;
    const target = parseTarget(request, presented === undefined || scopeService ? scopeService : 's3');
    if (!target) return unknownTarget(request, requestId);
    return withoutBodyOfHead(request, perform(sent, request, target, { requestId, presented, ...options }));
  } catch (error) {
    return bareRefusal(error, requestId, options);
  }
}

interface Performance extends AnswerOptions {
  readonly requestId: string;
  readonly presented: ReturnType<typeof presentedSignature>;
}

/** Identity, operation, input, handler, output: whatever goes wrong from here on is told in the protocol of the request. */
function perform(
  sent: WireRequest,
  request: WireRequest,
  target: Target,
  options: Performance,
): WireResponse | Promise<WireResponse> {
  const { kernel, requestId, presented } = options;
  const reply: Reply = { requestId, schemas: sdkSchemas(target.service) };
  const refuse = (error: unknown) => refusal(error, target, reply, options);
  try {
    const identity = identify(sent, presented, target, {
      kernel,
      account: options.account ?? defaultAccount,
    });
    const operation = requireOperation(target, reply, kernel);
    const asked = { service: target.service, operation: operation.name, scope: identity.scope };
    if (options.throttling?.admits(asked) === false) throw throttlingError(target.service, target.protocol.name);
    const input = target.protocol.decode(operation, unchunkBody(request), target.labels);
    checkRequired(reply.schemas, operation.input, input);
    checkConstraints(target.service, operation, input);
    const output = kernel.request(target.service, operation.name, input, { ...identity, client: clientOf(sent) });
    const encode = (value: object) => target.protocol.encode(operation, value, reply);
    return output instanceof Promise ? output.then(encode).catch(refuse) : encode(output);
  } catch (error) {
    return refuse(error);
  }
}

const clientOf = (request: WireRequest) => ({
  address: request.client,
  userAgent: header(request, 'user-agent'),
});

/** What AWS answers to an operation that a service does not have; the SDK knows which it has. */
const unknownOperation: Readonly<Record<ProtocolName, (named: string) => AwsError>> = {
  'aws-json': (named) => new AwsError('UnknownOperationException', `Unknown operation: ${named}`),
  'rpc-cbor': (named) => new AwsError('UnknownOperationException', `Unknown operation: ${named}`, { status: 404 }),
  'rest-json': (named) =>
    new AwsError('UnknownOperationException', `Unable to determine service/operation name to be authorized: ${named}`, {
      status: 404,
    }),
  'rest-xml': () =>
    new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', { status: 405 }),
  'aws-query': (named) => new AwsError('InvalidAction', `The action ${named} is not valid for this web service.`),
  'ec2-query': (named) => new AwsError('InvalidAction', `The action ${named} is not valid for this web service.`),
};

function requireOperation({ service, operation, named, protocol }: Target, { schemas }: Reply, kernel: Kernel) {
  const found = operation === undefined ? undefined : schemas.operations.get(operation);
  if (!found) throw unknownOperation[protocol.name](named);
  // Said before the input is looked at: what is not there cannot have wrong input.
  if (!kernel.service(service)?.operations[found.name])
    throw new AwsError('NotImplemented', `${service}.${found.name} is not implemented here`, { status: 501 });
  return found;
}

/** What AWS calls an input that cannot be read. */
const unreadable: Readonly<Record<ProtocolName, string>> = {
  'aws-json': 'SerializationException',
  'rpc-cbor': 'SerializationException',
  'rest-json': 'SerializationException',
  'rest-xml': 'MalformedXML',
  'aws-query': 'MalformedInput',
  'ec2-query': 'InvalidParameterValue',
};

function refusal(error: unknown, target: Target, reply: Reply, { onBug }: AnswerOptions): WireResponse {
  const place = `${target.service}.${target.operation ?? target.named}`;
  return target.protocol.refuse(
    faultOf(asAwsError(error, unreadable[target.protocol.name], place, onBug), reply.schemas),
    reply,
  );
}

function asAwsError(error: unknown, unreadableCode: string, place: string, onBug: AnswerOptions['onBug']): AwsError {
  if (isAwsError(error)) return error;
  if (error instanceof DecodeError) return new AwsError(unreadableCode, error.explain());
  onBug(error, `the request ${place}`);
  return new AwsError(
    'InternalFailure',
    'The request processing has failed because of an unknown error, exception or failure.',
    {
      status: 500,
    },
  );
}

/** Errors of requests whose protocol is not known. */
function bareRefusal(error: unknown, requestId: string, { onBug }: AnswerOptions): WireResponse {
  const { code, message, status } = asAwsError(error, 'SerializationException', 'of unknown target', onBug);
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, 'x-amzn-errortype': code },
    body: JSON.stringify({ __type: code, message }),
  };
}

const unknownTarget = ({ method, path }: WireRequest, requestId: string): WireResponse => ({
  status: 404,
  headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
  body: JSON.stringify({
    __type: 'UnknownOperationException',
    message: `${method} ${path} is no request that the engine knows; it answers AWS requests (point a client here with AWS_ENDPOINT_URL)`,
  }),
});

/** The answer to HEAD has the headers of the answer to GET, and nothing else. */
function withoutBodyOfHead(
  { method }: WireRequest,
  response: WireResponse | Promise<WireResponse>,
): WireResponse | Promise<WireResponse> {
  if (method !== 'HEAD') return response;
  return response instanceof Promise
    ? response.then((settled) => ({ ...settled, body: '' }))
    : { ...response, body: '' };
}
