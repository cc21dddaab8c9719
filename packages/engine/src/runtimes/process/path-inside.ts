import { lstatSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';

/** As many links in a row as Linux follows before it calls them a loop. */
const links_max = 40;

/**
 * Where a path of the image really lies on this machine, seen as by a process whose root folder is `root`: links are followed
 * inside, and neither `..` nor an absolute link leads out. Parts that do not exist yet are taken as written.
 * `last: 'keep'` leaves a link at the very end unfollowed, for replacing or removing the link itself.
 */
export function pathInside(root: string, path: string, last: 'follow' | 'keep' = 'follow'): string {
  const ahead = path.split('/').reverse();
  const physical: string[] = [];
  let links = 0;
  for (let part = ahead.pop(); part !== undefined; part = ahead.pop()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      physical.pop();
      continue;
    }
    const target = last === 'keep' && isLast(ahead) ? undefined : linkTarget(join(root, ...physical, part));
    if (target === undefined) {
      physical.push(part);
      continue;
    }
    if (++links > links_max) throw new Error(`too many symbolic links in ${path}`);
    if (target.startsWith('/')) physical.length = 0;
    ahead.push(...target.split('/').reverse());
  }
  return join(root, ...physical);
}

/**
 * What to write into a link at `linkPath` so that this machine, for which `root` is an ordinary folder, follows it to where it leads
 * inside the image.
 */
export function linkInside(root: string, linkPath: string, target: string): string {
  const folder = join(linkPath, '..');
  const seen = target.startsWith('/') ? target : join('/', relative(root, folder), target);
  return relative(folder, join(root, join('/', seen))) || '.';
}

const isLast = (ahead: readonly string[]) => ahead.every((part) => part === '' || part === '.');

function linkTarget(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined;
}
