import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import type { ContainerFolder } from './container-folder.ts';
import { cutLines } from './plan-lines.ts';

type Stream = 'stdout' | 'stderr';
const streams: readonly Stream[] = ['stdout', 'stderr'];

/** Read at once at most, so that a chatty container does not hold up the engine. */
const chunk_bytes = 256 * 1024;
/** After so much has been reported, its place on the disk is given back. */
const release_bytes = 8 * 1024 * 1024;
const block_bytes = 4096;

/** Follows a container's output files. Where it stands is on disk, so the next engine goes on with the very next line. */
export class OutputTail {
  readonly #folder: ContainerFolder;
  readonly #report: (stream: Stream, lines: readonly string[]) => void;
  readonly #positions: Record<Stream, number>;
  readonly #released: Record<Stream, number> = { stdout: 0, stderr: 0 };

  constructor(folder: ContainerFolder, report: (stream: Stream, lines: readonly string[]) => void) {
    this.#folder = folder;
    this.#report = report;
    this.#positions = readPositions(folder.reported);
  }

  /** Reports what is new, up to a limit. True when there is more to be read at once. */
  read(): boolean {
    return streams.map((stream) => this.#read(stream, false)).some(Boolean);
  }

  /** Reports all that is left, the last line with or without its end. */
  readToEnd(): void {
    for (const stream of streams) while (this.#read(stream, true));
  }

  #read(stream: Stream, atEnd: boolean): boolean {
    const file = openForReading(this.#folder[stream]);
    if (file === undefined) return false;
    try {
      const { size } = fstatSync(file);
      // The container itself cut its output off (`> /dev/stdout`): go on from the new beginning.
      if (size < this.#positions[stream]) this.#positions[stream] = 0;
      const bytes = Buffer.alloc(Math.min(size - this.#positions[stream], chunk_bytes));
      const length = bytes.length > 0 ? readSync(file, bytes, 0, bytes.length, this.#positions[stream]) : 0;
      const reachesEnd = this.#positions[stream] + length >= size;
      const { lines, used_bytes } = cutLines(bytes.subarray(0, length), atEnd && reachesEnd);
      if (lines.length === 0) return false;
      this.#advance(stream, lines, used_bytes);
      return !reachesEnd;
    } finally {
      closeSync(file);
    }
  }

  #advance(stream: Stream, lines: readonly string[], used_bytes: number): void {
    this.#positions[stream] += used_bytes;
    this.#report(stream, lines);
    // Right after the report, which is on disk when it returns. An engine killed between the two reports these lines once more.
    writePositions(this.#folder.reported, this.#positions);
    this.#release(stream);
  }

  /** Turns what has been reported into a hole, which takes no place. Where the system cannot, the file stays until the container is removed. */
  #release(stream: Stream): void {
    const end = Math.floor(this.#positions[stream] / block_bytes) * block_bytes;
    const length = end - this.#released[stream];
    if (length < release_bytes) return;
    this.#released[stream] = end;
    const options = ['--punch-hole', '--offset', '0', '--length', String(end), this.#folder[stream]];
    spawn('fallocate', options, { stdio: 'ignore' }).on('error', () => {});
  }
}

function openForReading(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}

/** Of fixed length, so that a write replaces the whole of what was there. */
const written = ({ stdout, stderr }: Record<Stream, number>) =>
  `${String(stdout).padStart(16)} ${String(stderr).padStart(16)}\n`;

function writePositions(path: string, positions: Record<Stream, number>): void {
  try {
    writeFileSync(path, written(positions), { flag: 'r+' });
  } catch {
    // The disk is full or the folder gone. Only an engine that starts later would miss it, and repeat lines.
  }
}

function readPositions(path: string): Record<Stream, number> {
  try {
    const [stdout = 0, stderr = 0] = readFileSync(path, 'utf8').trim().split(/\s+/).map(Number);
    return { stdout, stderr };
  } catch {
    return { stdout: 0, stderr: 0 };
  }
}

/** Before a container starts nothing has been reported. */
export const startPositions = (folder: ContainerFolder): void => {
  writeFileSync(folder.reported, written({ stdout: 0, stderr: 0 }));
};
