import { blobDirectory } from '../../../edges/blob-directory.ts';
import type { ContainerSpec } from '../../runtime.ts';
import { processRuntime } from '../process-runtime.ts';

// An engine to be killed: starts the container it is told of, and repeats its reports on standard output, a JSON line each,
// once it has made its own note of them.
const [directory = '', blobs = '', spec = ''] = process.argv.slice(2);
const runtime = processRuntime({ directory, blobs: blobDirectory(blobs), speed: 1 });
runtime.start(JSON.parse(spec) as ContainerSpec, (report) =>
  setImmediate(() => process.stdout.write(`${JSON.stringify(report)}\n`)),
);
setInterval(() => {}, 60_000);
