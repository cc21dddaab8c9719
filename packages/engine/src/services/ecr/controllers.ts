import type { BlobStore } from '../../kernel/blob-store.ts';
import { type Controller, watch } from '../../kernel/controller.ts';
import { images, inRepository, layers } from './model.ts';

/** Lets go of a layer with the last image of its repository that names it. Layers of a push that has no image yet were never named, so they stay. */
export const layerController: Controller = {
  name: 'ecr/layers',
  watches: [watch(images, (image) => image.references.map((digest) => `${image.repository}@${digest}`))],
  reconcile(key, { store }) {
    const [repository = '', digest = ''] = key.split('@');
    const named = store
      .table(images)
      .by('repository', repository)
      .some((image) => image.references.includes(digest));
    if (!named) store.table(layers).delete(inRepository(repository, digest));
    return undefined;
  },
};

/** Removes a blob that is neither a layer nor a manifest of any repository any more. The blobs are ECR's own store. */
export const blobController = (blobs: BlobStore): Controller => ({
  name: 'ecr/blobs',
  watches: [watch(layers, (layer) => layer.digest), watch(images, (image) => image.digest)],
  reconcile(digest, { store, after }) {
    const used =
      store.table(layers).by('digest', digest).length > 0 ||
      store.table(images).list((image) => image.digest === digest).length > 0;
    if (!used) after(() => blobs.delete(digest));
    return undefined;
  },
});
