import type { HttpRoute } from '../../kernel/service.ts';
import { requireAuthority } from './authority.ts';
import type { CertificateKeys } from './ports.ts';

/** `GET /_rockpool/ca.pem`: the root that clients must trust to accept the certificates of this engine. */
export const authorityRoute = (keys: CertificateKeys): HttpRoute => ({
  name: 'certificate authority',
  matches: ({ method, path }) => method === 'GET' && path === '/_rockpool/ca.pem',
  handle(_, response, root) {
    // One authority for all accounts, so any scope will do.
    const { certificate } = root
      .in({ account: '000000000000', region: 'us-east-1' })
      .turn((context) => requireAuthority(context, keys));
    response.writeHead(200, { 'content-type': 'application/x-pem-file' });
    response.end(certificate);
  },
});
