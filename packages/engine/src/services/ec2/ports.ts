import type { KeyType } from '@aws-sdk/client-ec2';
import type { Context } from '../../kernel/context.ts';

/** Where the private halves of key pairs come from. */
export interface SshKeys {
  /** A private key of that type, in PKCS #8 (DER). */
  privateKey(type: KeyType): Buffer;
}

/** What is in an object; undefined where there is none. */
export type ReadObject = (context: Context, bucket: string, key: string) => Uint8Array | undefined;

/** What EC2 reaches of the outside. */
export interface Ec2Ports {
  readonly readObject: ReadObject;
  readonly sshKeys: SshKeys;
}
