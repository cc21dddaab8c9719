import { createHmac, timingSafeEqual } from 'node:crypto';

/** A licence as its client carries it: enough for any container of the service to take it over. */
export interface Claim {
  readonly id: string;
  readonly feature: string;
  readonly client: string;
  /** The server that granted it. */
  readonly issuer: string;
  /** When it was granted, platform epoch milliseconds. */
  readonly checkedOutAt: number;
}

/** Writes a claim as a token that only holders of the key can make. */
export function issueToken(claim: Claim, key: string): string {
  const { id, feature, client, issuer, checkedOutAt } = claim;
  const payload = Buffer.from(JSON.stringify({ id, feature, client, issuer, checkedOutAt })).toString('base64url');
  return `${payload}.${sign(payload, key)}`;
}

/** The claim in a token, or undefined when nobody with this key issued it. */
export function readToken(token: string, key: string): Claim | undefined {
  const [payload = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0 || !isSame(signature, sign(payload, key))) return undefined;
  // Signed, so it is what `issueToken` wrote.
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}

/** Shows the server that its administrator speaks: `lm` runs with the server's environment, a client never does. */
export function adminProof(key: string): string {
  return createHmac('sha256', key).update('licence server administration').digest('base64url');
}

/** Compares secrets in a time that tells nothing about where they differ. */
export function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function sign(payload: string, key: string): string {
  return createHmac('sha256', key).update(`licence ${payload}`).digest('base64url');
}
