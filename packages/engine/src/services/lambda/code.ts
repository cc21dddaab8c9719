import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import type { Context } from '../../kernel/context.ts';
import { invalidParameter, notImplemented } from './errors.ts';
import type { In } from './model.ts';
import type { LambdaPorts } from './ports.ts';

export interface Code {
  /** The blob with the zip. */
  readonly digest: string;
  /** Base64, as Lambda shows it. */
  readonly sha256: string;
  readonly size: number;
}

type Source = Omit<In<'UpdateFunctionCode'>, 'FunctionName'>;

const unzipped_bytes_max = 262_144_000;
const zipped_bytes_max = 70_167_211;

/** Takes a function's code from the request or from S3, makes sure it is a zip, and keeps it. */
export function takeCode(source: Source, context: Context, ports: LambdaPorts): Code {
  const bytes = readCode(source, context, ports);
  checkZip(bytes);
  return {
    digest: ports.blobs.put(bytes),
    sha256: createHash('sha256').update(bytes).digest('base64'),
    size: bytes.byteLength,
  };
}

function readCode(source: Source, context: Context, { readObject }: LambdaPorts): Uint8Array {
  if (source.ImageUri) throw notImplemented('lambda: a function from a container image');
  if (source.ZipFile) {
    if (source.ZipFile.byteLength > zipped_bytes_max)
      throw invalidParameter(`Request must be smaller than ${zipped_bytes_max} bytes for the CreateFunction operation`);
    return source.ZipFile;
  }
  const { S3Bucket: bucket, S3Key: key, S3ObjectVersion: version } = source;
  if (!bucket || !key) throw invalidParameter('Please provide a source for function code.');
  const bytes = readObject(context, bucket, key, version);
  if (!bytes)
    throw invalidParameter(
      'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.',
    );
  return bytes;
}

/** Reads the zip's directory only; nothing is unpacked. */
function checkZip(bytes: Uint8Array): void {
  let unzipped_bytes = 0;
  try {
    unzipSync(bytes, {
      filter({ originalSize }) {
        unzipped_bytes += originalSize;
        return false;
      },
    });
  } catch {
    throw invalidParameter('Could not unzip uploaded file. Please check your file, then try to upload again.');
  }
  if (bytes.byteLength === 0) throw invalidParameter('Uploaded file must be a non-empty zip');
  if (unzipped_bytes > unzipped_bytes_max)
    throw invalidParameter(`Unzipped size must be smaller than ${unzipped_bytes_max} bytes`);
}
