import { page } from '../../kernel/page.ts';
import { invalidNextToken, outOfRange } from './errors.ts';

/** One page of a list, with what the answer says about the next. */
export function pageOf<T>(
  items: readonly T[],
  { nextToken, size = 50, max = 50 }: { readonly nextToken?: string; readonly size?: number; readonly max?: number },
): { items: T[]; next: { NextToken?: string } } {
  if (size < 1 || size > max) throw outOfRange(size, 'maxResults', { min: 1, max });
  const { items: taken, nextToken: next } = page(items, { token: nextToken, size, invalid: invalidNextToken });
  return { items: taken, next: next ? { NextToken: next } : {} };
}
