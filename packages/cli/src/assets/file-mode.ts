const shifts: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 };

/** The mode `chmod` makes of another: `755`, `+x`, `u=rwX,go-w`. Undefined: not understood. */
export function changeMode(mode: number, change: string, isFolder: boolean): number | undefined {
  if (/^[0-7]{3,4}$/.test(change)) return Number.parseInt(change, 8);
  let changed = mode;
  for (const clause of change.split(',')) {
    const [, who = '', operator, letters = ''] = /^([ugoa]*)([-+=])([rwxX]*)$/.exec(clause) ?? [];
    if (operator === undefined) return undefined;
    const bits = bitsOf(letters, changed, isFolder);
    for (const person of who === '' || who.includes('a') ? 'ugo' : who) {
      const shift = shifts[person] ?? 0;
      if (operator === '=') changed &= ~(0o7 << shift);
      if (operator === '-') changed &= ~(bits << shift);
      else changed |= bits << shift;
    }
  }
  return changed;
}

/** `X` means: may be run or entered if it is a folder, or somebody already may. */
function bitsOf(letters: string, mode: number, isFolder: boolean): number {
  let bits = 0;
  if (letters.includes('r')) bits |= 4;
  if (letters.includes('w')) bits |= 2;
  if (letters.includes('x') || (letters.includes('X') && (isFolder || (mode & 0o111) !== 0))) bits |= 1;
  return bits;
}
