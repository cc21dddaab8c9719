/** A moment of the platform (epoch ms) to the second, in UTC as AWS tells it. */
export const momentText = (time: number): string => new Date(time).toISOString().slice(0, 19).replace('T', ' ');

const units = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
] as const;

/** How long something has been there, in its two largest units: `45s`, `3m 12s`, `2h 5m`, `3d 4h`. */
export function ageText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const at = units.findIndex(([, size]) => whole >= size);
  const [unit, size] = units[at] ?? ['s', 1];
  const [smaller, smallerSize] = units[at + 1] ?? ['s', 1];
  const rest = Math.floor((whole % size) / smallerSize);
  const first = `${Math.floor(whole / size)}${unit}`;
  return unit === 's' || rest === 0 ? first : `${first} ${rest}${smaller}`;
}
