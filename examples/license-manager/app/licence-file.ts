import { SettingError } from './setting-error.ts';

/** Reads a licence file: a JSON object of feature name to number of seats in each container. */
export function readSeats(text: string, file: string): ReadonlyMap<string, number> {
  const next = 'write it as {"<feature>": <seats>, ...}, for example {"cad": 100}';
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new SettingError(`${file} is not JSON: ${error instanceof Error ? error.message : error}`, next);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new SettingError(`${file} is not an object of features`, next);
  }
  const seats = new Map<string, number>(Object.entries(content));
  if (seats.size === 0) throw new SettingError(`${file} licenses no feature`, next);
  for (const [feature, count] of seats) {
    if (!Number.isInteger(count) || count < 0) {
      throw new SettingError(
        `${file} gives feature ${feature} ${JSON.stringify(count)} seats, not a whole number`,
        next,
      );
    }
  }
  return seats;
}
