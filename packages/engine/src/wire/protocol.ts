import type { Fault } from './fault.ts';
import type { WireRequest, WireResponse } from './message.ts';
import type { SdkSchemas } from './sdk-schemas.ts';
import type { Operation } from './shapes.ts';

/** What an answer needs beside its content. */
export interface Reply {
  readonly requestId: string;
  readonly schemas: SdkSchemas;
}

export type ProtocolName = 'aws-json' | 'aws-query' | 'ec2-query' | 'rest-json' | 'rest-xml' | 'rpc-cbor';

/** How operations travel over HTTP. */
export interface Protocol {
  readonly name: ProtocolName;
  /** `labels`: what stood in the places of the URI's labels, decoded; only REST protocols have them. */
  decode(operation: Operation, request: WireRequest, labels: Labels): object;
  encode(operation: Operation, output: object, reply: Reply): WireResponse;
  /** `operation` is not known where the request named none. */
  refuse(fault: Fault, reply: Reply): WireResponse;
}

export type Labels = Readonly<Record<string, string>>;
