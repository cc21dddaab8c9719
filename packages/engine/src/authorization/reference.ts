import { readFileSync } from 'node:fs';

/** What the service authorization reference says of a service: `scripts/generate-actions.ts` writes it. */
export interface Reference {
  /** For each action the kinds of resources it is about; `*` marks those that it must have. */
  readonly actions: Readonly<Record<string, readonly string[]>>;
  /** For each kind how its ARNs look. */
  readonly resources: Readonly<Record<string, string>>;
}

const known = new Map<string, Reference>();

/** Read when the first request of a service is judged. */
export function referenceOf(prefix: string): Reference {
  const found = known.get(prefix);
  if (found) return found;
  const read = JSON.parse(readFileSync(new URL(`./generated/${prefix}.json`, import.meta.url), 'utf8')) as Reference;
  known.set(prefix, read);
  return read;
}
