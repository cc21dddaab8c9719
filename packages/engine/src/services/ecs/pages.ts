import { invalidParameter } from './errors.ts';

/** One page of a list. The token is the position, so it stays good while earlier members come and go. */
export function page<Item>(
  items: readonly Item[],
  request: { readonly nextToken?: string; readonly maxResults?: number },
  limit = 100,
): { items: Item[]; nextToken?: string } {
  const { maxResults = limit } = request;
  if (maxResults < 1 || maxResults > limit) throw invalidParameter(`maxResults must be between 1 and ${limit}.`);
  const token = request.nextToken === undefined ? '0' : Buffer.from(request.nextToken, 'base64url').toString();
  if (!/^\d{1,15}$/.test(token)) throw invalidParameter('Invalid token.');
  const start = Number(token);
  const end = start + maxResults;
  return {
    items: items.slice(start, end),
    ...(end < items.length ? { nextToken: Buffer.from(String(end)).toString('base64url') } : {}),
  };
}
