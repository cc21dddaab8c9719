import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sidecarBundle, withBundle } from '@rockpool/constructs/bundle';
import { zipSync } from 'fflate';

// Makes what Terraform cannot: the scale-down function as a zip, and the folder of the sidecar's image. The same sources give the same bytes.

const build = join(import.meta.dirname, 'build');
rmSync(build, { recursive: true, force: true });
mkdirSync(build);

const entry = join(import.meta.dirname, 'functions/scale-down.ts');
withBundle({ entry, outfile: 'index.mjs', external: ['@aws-sdk/*'] }, (folder) => {
  const code = readFileSync(join(folder, 'index.mjs'));
  const zip = zipSync({ 'index.mjs': [code, { mtime: new Date('1980-01-01T00:00:00Z'), os: 3, attrs: 0o644 << 16 }] });
  writeFileSync(join(build, 'scale-down.zip'), zip);
});

withBundle(sidecarBundle(), (folder) => cpSync(folder, join(build, 'sidecar'), { recursive: true }));
