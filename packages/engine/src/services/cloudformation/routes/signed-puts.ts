import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from '../../../kernel/context.ts';
import type { HttpRoute } from '../../../kernel/service.ts';
import { takeAnswer } from '../custom-resources/take-answer.ts';
import { takeWaitSignal } from '../signals/take-wait-signal.ts';
import { type AddressKind, isSignedAddress, type SignedPlace, signedPlace } from '../signed-address.ts';

/** An answer is checked for its length later, with words for it; this much is read of whatever comes. */
const body_bytes_max = 1024 * 1024;

const takers: Readonly<
  Record<AddressKind, (context: Context, place: SignedPlace, secret: string, body: string) => boolean>
> = { 'custom-resource-response': takeAnswer, waitcondition: takeWaitSignal };

/** Where custom resources' providers put their answers, and instances their signals: on AWS these are presigned S3 URLs. */
export const signedPutRoute: HttpRoute = {
  name: 'custom resources and wait conditions',
  matches: ({ method, path }) => method === 'PUT' && isSignedAddress(path),
  async handle(request, response, root) {
    const url = new URL(request.url ?? '/', 'http://engine');
    const place = signedPlace(url.pathname);
    const body = await readText(request);
    if (body === undefined) return refuse(response, 400, 'EntityTooLarge');
    const secret = url.searchParams.get('X-Amz-Signature') ?? '';
    const taken =
      place !== undefined &&
      root.in({ account: place.account, region: place.region }).turn((context) => {
        return takers[place.kind](context, place, secret, body);
      });
    if (!taken) return refuse(response, 403, 'SignatureDoesNotMatch');
    response.writeHead(200, { 'content-length': 0 });
    response.end();
  },
};

async function readText(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size <= body_bytes_max) chunks.push(chunk);
  }
  return size > body_bytes_max ? undefined : Buffer.concat(chunks).toString();
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`);
}
