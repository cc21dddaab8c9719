import { digestOf } from '../edges/blob-directory.ts';
import type { Lab } from './lab.ts';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';

/** Puts an image without layers, which is all that a simulated runtime needs, into a repository, which is made. Its URI without a tag. */
export function pushImage(lab: Lab, repositoryName: string, tags: readonly string[], config: object): string {
  const { repository } = lab.ecr.createRepository({ repositoryName });
  const layerPartBlob = Buffer.from(JSON.stringify({ config }));
  const { uploadId = '' } = lab.ecr.initiateLayerUpload({ repositoryName });
  const digest = digestOf(layerPartBlob);
  const range = { partFirstByte: 0, partLastByte: layerPartBlob.length - 1 };
  lab.ecr.uploadLayerPart({ repositoryName, uploadId, layerPartBlob, ...range });
  lab.ecr.completeLayerUpload({ repositoryName, uploadId, layerDigests: [digest] });
  for (const imageTag of tags) {
    // Each tag has a manifest of its own, as images of different sources have.
    const manifest = { schemaVersion: 2, mediaType: manifestType, annotations: { tag: imageTag }, layers: [] };
    const described = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: layerPartBlob.length };
    lab.ecr.putImage({
      ...{ repositoryName, imageTag, imageManifestMediaType: manifestType },
      imageManifest: JSON.stringify({ ...manifest, config: described }),
    });
  }
  return repository?.repositoryUri ?? '';
}
