const written = /^from-(\d{1,15})$/;

/**
 * One page of a list, with the token for the next. The token is the position, so a page after a change may miss or repeat an entry, as on
 * AWS. Throws `invalid`, the service's own error, for a token that no page has given: to begin anew would be a loop without end.
 */
export function page<Item>(
  items: readonly Item[],
  options: { readonly token?: string | undefined; readonly size: number; readonly invalid: () => Error },
): { readonly items: Item[]; readonly nextToken?: string } {
  const from = options.token ? written.exec(Buffer.from(options.token, 'base64url').toString())?.[1] : '0';
  if (from === undefined) throw options.invalid();
  const start = Number(from);
  const end = start + options.size;
  const nextToken = end < items.length ? Buffer.from(`from-${end}`).toString('base64url') : undefined;
  return { items: items.slice(start, end), ...(nextToken ? { nextToken } : {}) };
}
