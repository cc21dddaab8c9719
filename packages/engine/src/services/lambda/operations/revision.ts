import { invalidParameter, preconditionFailed } from '../errors.ts';

/** A change that was meant for another state of things than there is now. */
export function checkRevision(
  row: { readonly RevisionId: string } | { readonly revisionId: string },
  wanted: string | undefined,
): void {
  const revision = 'RevisionId' in row ? row.RevisionId : row.revisionId;
  if (wanted !== undefined && wanted !== revision) throw preconditionFailed();
}

export const invalidMarker = () => invalidParameter('The marker is not valid.');
