import { table } from './store.ts';

/**
 * Where a private address and port of the platform really listens on this machine. Written by whoever runs something (ECS),
 * read by whoever reaches it (the load balancer). A private address without a row is not reachable.
 */
export interface Address {
  readonly host: string;
  readonly port: number;
}

export const addresses = table<Address>('addresses');
export const addressKey = (privateAddress: string, port: number): string => `${privateAddress}:${port}`;
