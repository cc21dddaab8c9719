import { AwsError } from './aws-error.ts';

/** One page of a list, with the token for the next. The token is the position, so a page after a change may miss or repeat an entry, as on AWS. */
export function page<Item>(
  items: readonly Item[],
  options: { readonly token?: string | undefined; readonly size: number; readonly invalid?: () => Error },
): { readonly items: Item[]; readonly nextToken?: string } {
  const start = options.token ? Number(Buffer.from(options.token, 'base64url').toString().replace('from-', '')) : 0;
  if (!Number.isInteger(start) || start < 0)
    throw options.invalid?.() ?? new AwsError('InvalidNextToken', 'The specified token is not valid.');
  const end = start + options.size;
  const nextToken = end < items.length ? Buffer.from(`from-${end}`).toString('base64url') : undefined;
  return { items: items.slice(start, end), ...(nextToken ? { nextToken } : {}) };
}
