import type { BlobStore } from '../../../kernel/blob-store.ts';
import type { Controller } from '../../../kernel/controller.ts';
import { watch } from '../../../kernel/controller.ts';
import { objects, uploads } from '../model.ts';

/** The blobs are S3's own store: other services keep theirs apart. Removes a body that no version and no upload names any more. Watched by digest, so that it looks exactly when one lost a name. */
export const blobController = (blobs: BlobStore): Controller => ({
  name: 's3/blobs',
  watches: [
    watch(objects, (version) => version.digest || undefined),
    watch(uploads, (upload) => upload.parts.map((part) => part.digest)),
  ],
  reconcile(digest, { store, after }) {
    const used =
      store.table(objects).by('digest', digest).length > 0 ||
      store.table(uploads).list((upload) => upload.parts.some((part) => part.digest === digest)).length > 0;
    if (!used) after(() => blobs.delete(digest));
    return undefined;
  },
});
