/** Where an image is kept, read from the way templates and Docker write it. */
export interface ImageReference {
  /** The registry's host, with its port; `docker.io` where none is written. */
  readonly registry: string;
  /** For a private ECR registry: whose it is and where. Undefined: some other registry. */
  readonly ecr?: { readonly account: string; readonly region: string };
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

const ecrHost = /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|localhost)(?::\d+)?$/;
/** An engine's own registry, as pushed to from this machine; its account and region are those of whoever asks. */
const localHost = /^(localhost|127\.0\.0\.1)(:\d+)?$/;

/**
 * Reads `<account>.dkr.ecr.<region>.amazonaws.com/name:tag`, `127.0.0.1:4566/name@sha256:...`, `nginx`, `ghcr.io/team/app:1`. The grammar is
 * Docker's: a first part with a dot or colon, or `localhost`, is a host.
 */
export function parseImageReference(
  reference: string,
  here: { readonly account: string; readonly region: string },
): ImageReference {
  const [name = '', digest] = reference.split('@');
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hasHost = first === 'localhost' || /[.:]/.test(first);
  const registry = hasHost ? first : 'docker.io';
  const [repository = '', tag] = splitTag(hasHost ? name.slice(slash + 1) : name);
  const [, account, region] = ecrHost.exec(registry) ?? [];
  const ecr = account && region ? { account, region } : localHost.test(registry) ? here : undefined;
  return {
    registry,
    repository,
    ...(ecr ? { ecr } : {}),
    ...(digest ? { digest } : {}),
    ...(tag ? { tag } : digest ? {} : { tag: 'latest' }),
  };
}

function splitTag(path: string): [string, string | undefined] {
  const colon = path.lastIndexOf(':');
  return colon > path.lastIndexOf('/') ? [path.slice(0, colon), path.slice(colon + 1)] : [path, undefined];
}
