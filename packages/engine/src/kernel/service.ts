import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ResourceHandler } from '../cloudformation/resource-handler.ts';
import type { Context } from './context.ts';
import type { Controller } from './controller.ts';
import type { Handlers } from './operation.ts';
import type { Scope } from './scope.ts';
import type { Sdks, ServiceName } from './service-names.ts';

/** The engine as its edges see it. */
export interface Root {
  /** A context outside of any turn: for reading, and for `turn` and `report`. Acts as the service itself unless told otherwise. */
  in(scope: Scope): Context;
  /** Every scope that has rows. */
  scopes(): Scope[];
}

/** HTTP that is not an AWS operation: the registry's /v2/, task metadata, the admin surface. Asked in order; the first that matches answers. */
export interface HttpRoute {
  readonly name: string;
  matches(request: { readonly method: string; readonly host: string; readonly path: string }): boolean;
  handle(request: IncomingMessage, response: ServerResponse, root: Root): void | Promise<void>;
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer, root: Root): void;
}

/** One AWS service: its table of contents. */
export interface Service {
  readonly name: ServiceName;
  readonly operations: Readonly<Record<string, AnyHandler>>;
  readonly controllers?: readonly Controller[];
  /** CloudFormation resource types, by type name. */
  readonly resources?: Readonly<Record<string, ResourceHandler>>;
  readonly routes?: readonly HttpRoute[];
  /** Called once when the state is loaded, before any controller runs: find again what was running. */
  start?(root: Root): void;
  /** Called when the engine stops in good order. */
  stop?(): Promise<void> | void;
}

/** A handler with its types taken off, as the dispatcher holds it. */
export type AnyHandler =
  | ((input: never, context: Context) => object)
  | { readonly waits: (input: never, context: Context) => Promise<object> | object };

/** Declares a service with its operations typed by its SDK. */
export function defineService<Name extends ServiceName>(
  name: Name,
  parts: Omit<Service, 'name' | 'operations'> & { readonly operations: Handlers<Sdks[Name], Context> },
): Service {
  return { ...parts, name, operations: parts.operations as Service['operations'] };
}
