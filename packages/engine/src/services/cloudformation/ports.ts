import type { ResourceHandler } from '../../cloudformation/resource-handler.ts';
import type { Context } from '../../kernel/context.ts';

/** What CloudFormation needs of the engine around it. */
export interface Ports {
  /** The handlers of all services, by resource type. Asked for late, since the services are not made in any order. */
  readonly resources: () => Readonly<Record<string, ResourceHandler>>;
  /** Whether types that could only be recorded are refused. */
  readonly strict?: boolean;
  /** The engine's own address, to which providers and instances answer; asked when it is needed, since the port may be known late. */
  readonly endpoint?: () => string;
  /** Has a function work on a payload, and answers what it says; undefined where it fails. Left out: there are no macros. */
  readonly invoke?: (context: Context, functionName: string, payload: string) => Promise<string | undefined>;
  /** The bytes of an S3 object, for templates given by their URL; undefined where there is no such object. */
  readonly readObject?: (context: Context, bucket: string, key: string, versionId?: string) => Uint8Array | undefined;
}
