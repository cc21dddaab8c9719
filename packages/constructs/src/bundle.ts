import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { buildSync } from 'esbuild';

export interface Bundle {
  /** The TypeScript source to start from. */
  readonly entry: string;
  /** The name of the one file that comes out. */
  readonly outfile: string;
  /** Packages that are there where it runs. */
  readonly external?: readonly string[];
  /** More files beside it, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * Bundles a source with all it imports into one file in a folder of its own, and hands that folder to `use`, which
 * must have copied it when it returns. The same sources give the same bytes, so asset hashes stay as they are.
 */
export function withBundle<T>(bundle: Bundle, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'rockpool-bundle-'));
  try {
    buildSync({
      entryPoints: [bundle.entry],
      outfile: join(folder, bundle.outfile),
      external: [...(bundle.external ?? [])],
      bundle: true,
      platform: 'node',
      target: 'node22',
      format: 'esm',
      minify: true,
      keepNames: true,
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'warning',
      // CommonJS packages inside an ESM bundle call `require`, which ESM does not have.
      banner: {
        js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
      },
    });
    for (const [name, content] of Object.entries(bundle.files ?? {})) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The source of one of the functions in `functions/`, whether this package runs from sources or compiled. */
export function functionSource(name: string): string {
  return join(import.meta.dirname, 'functions', name, `handler${extname(import.meta.filename)}`);
}

// The base image has Node and nothing is installed, so that the image also builds where there is no Docker.
const sidecarDockerfile = `FROM node:24-slim
WORKDIR /sidecar
COPY sidecar.mjs ./
USER node
CMD ["node", "sidecar.mjs"]
`;

/** The metrics sidecar and the Dockerfile of its image. */
export const sidecarBundle = (): Bundle => ({
  entry: sidecarSource(),
  outfile: 'sidecar.mjs',
  files: { Dockerfile: sidecarDockerfile },
});

/** The entry of the metrics sidecar, found as Node finds any package. */
function sidecarSource(): string {
  const index = createRequire(import.meta.url).resolve('@rockpool/sidecar');
  return join(dirname(index), `main${extname(index)}`);
}
