import type { Context } from '../../kernel/context.ts';

/** What is in an object; undefined where there is none. */
export type ReadObject = (context: Context, bucket: string, key: string) => Uint8Array | undefined;

/** What instances reach of the outside. */
export interface Ec2Ports {
  readonly readObject: ReadObject;
}
