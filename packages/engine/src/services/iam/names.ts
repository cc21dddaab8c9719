import type { Context } from '../../kernel/context.ts';
import { page } from '../../kernel/page.ts';
import { invalidMarker, invalidName, invalidPath, nameTooLong, outOfRange } from './errors.ts';

/** Refuses a name of other characters than IAM's, or too long a one. `member` is the parameter's name in AWS's sentences. */
export function checkName(name: string, member: string, max = 128): void {
  if (name.length > max) throw nameTooLong(name, member, max);
  if (!/^[\w+=,.@-]+$/.test(name)) throw invalidName(member);
}

export function checkPath(path = '/'): string {
  if (!/^\/(?:[\x21-\x7e]+\/)?$/.test(path)) throw invalidPath();
  return path;
}

/** `AROA`, `AIDA` ... and seventeen more, as IAM's unique ids are. */
export const uniqueId = ({ ids }: Context, prefix: string): string => `${prefix}${ids.alphanumeric('iam/id', 17)}`;

export const arnOf = ({ scope }: Context, kind: string, path: string, name: string): string =>
  `arn:aws:iam::${scope.account}:${kind}${path}${name}`;

/** One page as IAM tells of it. */
export function pageOf<T>(
  items: readonly T[],
  { Marker, MaxItems = 100 }: { readonly Marker?: string; readonly MaxItems?: number },
): { items: T[]; next: { IsTruncated: boolean; Marker?: string } } {
  if (MaxItems < 1 || MaxItems > 1000) throw outOfRange(MaxItems, 'maxItems', { min: 1, max: 1000 });
  const { items: taken, nextToken } = page(items, { token: Marker, size: MaxItems, invalid: invalidMarker });
  return { items: taken, next: nextToken ? { IsTruncated: true, Marker: nextToken } : { IsTruncated: false } };
}

/** Documents are URL-encoded in IAM's answers (RFC 3986), and only there. */
export const encodeDocument = (document: string): string =>
  encodeURIComponent(document).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** Lists are in alphabetical order. */
export const byName =
  <T>(nameOf: (item: T) => string) =>
  (a: T, b: T): number =>
    nameOf(a).toLowerCase() < nameOf(b).toLowerCase() ? -1 : 1;
