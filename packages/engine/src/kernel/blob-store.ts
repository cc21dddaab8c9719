/** Content-addressed bytes: object bodies, image layers, function code. Written before the row that names them, so a row never points at nothing. */
export interface BlobStore {
  /** Keeps the bytes and returns their digest, `sha256:<hex>`. */
  put(bytes: Uint8Array): string;
  get(digest: string): Uint8Array | undefined;
  has(digest: string): boolean;
  delete(digest: string): void;
  /** A path that holds the bytes, for programs outside; undefined where blobs are in memory only. */
  path(digest: string): string | undefined;
}
