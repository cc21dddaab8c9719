import type { BlobStore } from '../../../kernel/blob-store.ts';
import type { HttpRoute } from '../../../kernel/service.ts';

const place = /^\/_rockpool\/function-code\/([0-9a-f]{64})$/;

/** Where `GetFunction` says the code is. The digest is the proof of who may read it, as the signature of AWS's link is. */
export const codeRoute = (blobs: BlobStore): HttpRoute => ({
  name: 'function code',
  matches: ({ method, path }) => method === 'GET' && place.test(path),
  handle({ url = '' }, response) {
    const [, hex = ''] = place.exec(url.split('?')[0] ?? '') ?? [];
    const zip = blobs.get(`sha256:${hex}`);
    if (zip) response.writeHead(200, { 'content-type': 'application/zip', 'content-length': zip.byteLength });
    else response.writeHead(404);
    response.end(zip);
  },
});
