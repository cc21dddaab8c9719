import { manifestTypes } from './model.ts';

export interface Manifest {
  readonly mediaType: string;
  readonly kind: 'image' | 'index';
  /** Configuration and layers of an image, or the manifests of an index. */
  readonly references: readonly { readonly digest: string; readonly size: number }[];
}

/** Reads a manifest; a string says what is wrong with it. */
export function parseManifest(text: string, declared: string | undefined): Manifest | string {
  const parsed = parseJson(text);
  if (!parsed) return 'the manifest is not a JSON object';
  const mediaType = String(parsed['mediaType'] ?? declared ?? manifestTypes.oci);
  if (parsed['schemaVersion'] !== 2) return 'only manifests of schema version 2 are supported';
  if (Array.isArray(parsed['manifests'])) return withReferences(mediaType, 'index', parsed['manifests']);
  if (!parsed['config'] || !Array.isArray(parsed['layers'])) return 'an image manifest needs a config and layers';
  return withReferences(mediaType, 'image', [parsed['config'], ...parsed['layers']]);
}

function withReferences(mediaType: string, kind: Manifest['kind'], descriptors: readonly unknown[]): Manifest | string {
  const references = descriptors.map((one) => one as { digest?: unknown; size?: unknown });
  if (references.some(({ digest }) => typeof digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(digest)))
    return 'every descriptor needs a sha256 digest';
  return {
    mediaType,
    kind,
    references: references.map(({ digest, size }) => ({ digest: String(digest), size: Number(size ?? 0) })),
  };
}

function parseJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
