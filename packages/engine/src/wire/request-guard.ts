import { isIP } from 'node:net';
import { header, hostName, type WireRequest } from './message.ts';

/**
 * A page in the user's browser must not be able to drive the engine. Why a request is refused, or undefined where it may pass:
 * - the Host must be this machine's, or a name that only a client which was pointed here would use: a page of a foreign site whose name
 *   was made to resolve to this machine (DNS rebinding) still sends its own name;
 * - the page that a request comes from must be of this machine too.
 */
export function refuseForeign(request: Pick<WireRequest, 'headers'>, names: readonly string[]): string | undefined {
  const host = hostName(request);
  if (!isOurHost(host, names)) return `the host ${host || '(none)'} is not one of this engine's`;
  const origin = header(request, 'origin');
  if (origin !== undefined && !isOurHost(originHost(origin), names))
    return `pages of ${origin} may not use this engine`;
  if (header(request, 'sec-fetch-site') === 'cross-site') return 'pages of other sites may not use this engine';
  return undefined;
}

/** Names that never resolve to anyone else's page: AWS's own, and those that container runtimes give the host. */
const clientNames =
  /^(?:localhost|host\.docker\.internal|host\.containers\.internal)$|\.(?:localhost|amazonaws\.com|amazonaws\.com\.cn)$/;

/** An address instead of a name cannot have been made to resolve to this machine. */
const isOurHost = (host: string, names: readonly string[]): boolean =>
  clientNames.test(host) || isIP(host.replace(/^\[|\]$/g, '')) !== 0 || names.includes(host);

function originHost(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname : '';
}
