#!/usr/bin/env node
// Plain JavaScript, so that an older Node can still read it and say what is missing.
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `error: rockpool needs Node 24 or newer; this is ${process.version}\n  next: run it as \`npx rockpool\` where it is installed (its Node comes with it on Linux), or install Node 24\n`,
  );
  process.exit(1);
}
// What Node makes of the sources is kept between runs: half the time of a short command.
(await import('node:module')).enableCompileCache();
await import('../src/main.ts');
