import { constants } from 'node:fs';
import { copyFile, link, lstat, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';

export interface TreeSize {
  readonly files: number;
  readonly bytes: number;
}

export async function measureTree(root: string): Promise<TreeSize> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  let bytes = 0;
  for (const entry of entries) if (entry.isFile()) bytes += (await lstat(join(entry.parentPath, entry.name))).size;
  return { files: entries.length, bytes };
}

/**
 * Gives a container files of its own. `copy` shares nothing that can be written (and costs nothing on file systems that clone);
 * `link` is for trees too large to copy for each container: files that are added, removed or replaced are the container's own,
 * a file of the image that is written in place is not.
 */
export async function cloneTree(from: string, to: string, how: 'copy' | 'link'): Promise<void> {
  await mkdir(to, { recursive: true });
  const folders: Promise<void>[] = [];
  const work = (await readdir(from, { withFileTypes: true })).map(async (entry) => {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) folders.push(cloneTree(source, target, how));
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (how === 'copy') await copyFile(source, target, constants.COPYFILE_FICLONE);
    else await link(source, target);
  });
  await Promise.all(work);
  await Promise.all(folders);
}

/** Up to here a copy takes a few hundred milliseconds at most. */
const copied_files_max = 4_000;
const copied_bytes_max = 128 * 1024 * 1024;

export const howToClone = ({ files, bytes }: TreeSize): 'copy' | 'link' =>
  files <= copied_files_max && bytes <= copied_bytes_max ? 'copy' : 'link';
