import { page as pageOf } from '../../kernel/page.ts';
import { invalidParameter } from './errors.ts';

/** One page of a list, by ECS's names for what is asked and answered; of at most `limit` items. */
export function page<Item>(
  items: readonly Item[],
  { nextToken: token, maxResults }: { readonly nextToken?: string; readonly maxResults?: number },
  limit = 100,
): { readonly items: Item[]; readonly nextToken?: string } {
  const size = maxResults ?? limit;
  if (size < 1 || size > limit) throw invalidParameter(`maxResults must be between 1 and ${limit}.`);
  return pageOf(items, { token, size, invalid: () => invalidParameter('Invalid token.') });
}
