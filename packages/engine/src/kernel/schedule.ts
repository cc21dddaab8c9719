/** When a schedule runs, parsed. */
export type Schedule =
  | { readonly kind: 'rate'; readonly every_ms: number }
  | { readonly kind: 'at'; readonly local: number }
  | { readonly kind: 'cron'; readonly cron: Cron };

/** The six fields of AWS's cron expressions; the two day fields tell of a day whether it is meant. */
interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
  readonly isDay: (day: Day) => boolean;
}

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const unit_ms = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const year_max = 2199;
const day_ms = 86_400_000;

/**
 * Parses `rate(5 minutes)`, `cron(0 12 * * ? *)` and `at(2026-01-05T09:00:00)`; throws a sentence that says what is wrong.
 * Source: EventBridge user guide, "Creating a rule that runs on a schedule".
 */
export function parseSchedule(expression: string): Schedule {
  const [, kind, body = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  if (kind === 'rate') return { kind, every_ms: parseRate(body) };
  if (kind === 'cron') return { kind, cron: parseCron(body) };
  if (kind === 'at') return { kind, local: parseAt(body) };
  throw new SyntaxError(`a schedule is rate(...), cron(...) or at(...), not ${expression}`);
}

/** One is `1 minute`, more are `5 minutes`; nothing else is taken. */
function parseRate(body: string): number {
  const [, amount = '', unit = '', plural] = /^(\d+) (minute|hour|day)(s?)$/.exec(body.trim()) ?? [];
  const value = Number(amount);
  if (!unit || value < 1 || (value === 1) !== (plural === ''))
    throw new SyntaxError(`a rate is like "1 minute" or "5 minutes", not "${body}"`);
  return value * unit_ms[unit as keyof typeof unit_ms];
}

function parseAt(body: string): number {
  const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(body) ? Date.parse(`${body}Z`) : Number.NaN;
  if (Number.isNaN(local)) throw new SyntaxError(`a time is like 2026-01-05T09:00:00, not "${body}"`);
  return local;
}

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

function parseCron(body: string): Cron {
  const fields = body.trim().split(/\s+/);
  const [minutes = '', hours = '', dayOfMonth = '', months = '', dayOfWeek = '', years = ''] = fields;
  if (fields.length !== 6) throw new SyntaxError(`cron takes six fields, not ${fields.length}`);
  if ((dayOfMonth === '?') === (dayOfWeek === '?'))
    throw new SyntaxError('one of day-of-month and day-of-week must be ?, and the other must not');
  return {
    minutes: parseField(minutes, { min: 0, max: 59 }),
    hours: parseField(hours, { min: 0, max: 23 }),
    months: new Set(parseField(months, { min: 1, max: 12, names: monthNames })),
    years: new Set(parseField(years, { min: 1970, max: year_max })),
    isDay: dayOfMonth === '?' ? parseDayOfWeek(dayOfWeek) : parseDayOfMonth(dayOfMonth),
  };
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

/** `*`, `5`, `1-5`, `20-2` (over the end), `MON-FRI`, `0/15`, and lists of them; sorted. */
function parseField(field: string, bounds: Bounds): number[] {
  const values = field.split(',').flatMap((part) => {
    const [range = '', step, more] = part.split('/');
    const by = step === undefined ? 1 : Number(step);
    if (more !== undefined || !Number.isInteger(by) || by < 1) throw new SyntaxError(`not a cron field: ${field}`);
    const [low, high] = parseRange(range, step !== undefined, bounds);
    const count = high >= low ? high - low + 1 : bounds.max - low + 1 + (high - bounds.min + 1);
    return Array.from({ length: Math.ceil(count / by) }, (_, index) => {
      const value = low + index * by;
      return value > bounds.max ? value - (bounds.max - bounds.min + 1) : value;
    });
  });
  return [...new Set(values)].sort((a, b) => a - b);
}

function parseRange(range: string, hasStep: boolean, bounds: Bounds): [low: number, high: number] {
  if (range === '*') return [bounds.min, bounds.max];
  const [low = '', high, more] = range.split('-');
  if (more !== undefined) throw new SyntaxError(`not a cron range: ${range}`);
  const first = parseValue(low, bounds);
  return [first, high === undefined ? (hasStep ? bounds.max : first) : parseValue(high, bounds)];
}

function parseValue(text: string, { min, max, names = [] }: Bounds): number {
  const named = names.indexOf(text.toUpperCase());
  const value = named >= 0 ? named + min : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new SyntaxError(`${text} is not between ${min} and ${max}`);
  return value;
}

const daysIn = ({ year, month }: Day) => new Date(Date.UTC(year, month, 0)).getUTCDate();
/** 1 is Sunday. */
const weekdayOf = ({ year, month, day }: Day) => new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
const isWorkday = (day: Day) => weekdayOf(day) > 1 && weekdayOf(day) < 7;

/** Beside values: `L` the last day, `LW` the last weekday (Monday to Friday), `3W` the one nearest to the 3rd within the month. */
function parseDayOfMonth(field: string): Cron['isDay'] {
  if (field === 'L') return (day) => day.day === daysIn(day);
  if (field === 'LW') return (day) => day.day === nearestWorkday({ ...day, day: daysIn(day) });
  const [, near] = /^(\d{1,2})W$/.exec(field) ?? [];
  if (near) {
    const wanted = parseValue(near, { min: 1, max: 31 });
    return (day) => wanted <= daysIn(day) && day.day === nearestWorkday({ ...day, day: wanted });
  }
  const days = new Set(parseField(field, { min: 1, max: 31 }));
  return ({ day }) => days.has(day);
}

function nearestWorkday(wanted: Day): number {
  const found = [0, -1, 1, -2, 2]
    .map((offset) => ({ ...wanted, day: wanted.day + offset }))
    .find((day) => day.day >= 1 && day.day <= daysIn(day) && isWorkday(day));
  return found?.day ?? wanted.day;
}

/** Beside values: `L` is Saturday, `6L` the last Friday of the month, `3#2` its second Tuesday. */
function parseDayOfWeek(field: string): Cron['isDay'] {
  const bounds = { min: 1, max: 7, names: dayNames };
  if (field === 'L') return (day) => weekdayOf(day) === 7;
  const [, last] = /^(\w+)L$/.exec(field) ?? [];
  if (last) {
    const wanted = parseValue(last, bounds);
    return (day) => weekdayOf(day) === wanted && day.day + 7 > daysIn(day);
  }
  const [, weekday, nth] = /^(\w+)#([1-5])$/.exec(field) ?? [];
  if (weekday && nth) {
    const wanted = parseValue(weekday, bounds);
    return (day) => weekdayOf(day) === wanted && Math.ceil(day.day / 7) === Number(nth);
  }
  const days = new Set(parseField(field, bounds));
  return (day) => days.has(weekdayOf(day));
}

/**
 * The first time after `after` (epoch ms) at which the schedule runs, or undefined. A rate counts from `since`.
 * Cron and at are read in `timeZone` (UTC unless told otherwise); a local time that a change of clocks leaves out is passed over.
 */
export function nextRun(
  schedule: Schedule,
  { after, since, timeZone = 'UTC' }: { readonly after: number; readonly since: number; readonly timeZone?: string },
): number | undefined {
  if (schedule.kind === 'rate') {
    const passed = Math.floor((after - since) / schedule.every_ms);
    return since + (Math.max(0, passed) + 1) * schedule.every_ms;
  }
  if (schedule.kind === 'at') {
    const time = fromLocal(schedule.local, timeZone);
    return time !== undefined && time > after ? time : undefined;
  }
  // Local days are looked at one by one, from the one before: zones differ by up to a day.
  const first = Math.floor((after + offset_ms(after, timeZone)) / day_ms);
  for (let date = first; date < first + 366 * 12; date++) {
    const run = nextRunOn(date * day_ms, schedule.cron, after, timeZone);
    if (run !== undefined) return run;
  }
  return undefined;
}

function nextRunOn(midnight: number, cron: Cron, after: number, timeZone: string): number | undefined {
  const date = new Date(midnight);
  const day = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  if (!cron.years.has(day.year) || !cron.months.has(day.month) || !cron.isDay(day)) return undefined;
  for (const hour of cron.hours)
    for (const minute of cron.minutes) {
      const time = fromLocal(midnight + hour * unit_ms.hour + minute * unit_ms.minute, timeZone);
      if (time !== undefined && time > after) return time;
    }
  return undefined;
}

/** What local clocks show beyond UTC, in milliseconds, at a time. */
function offset_ms(time: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(time);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * unit_ms.hour + Number(minutes) * unit_ms.minute);
}

/** The time at which local clocks show `local` (written as if it were UTC); undefined for a time they leap over. */
function fromLocal(local: number, timeZone: string): number | undefined {
  const guess = local - offset_ms(local, timeZone);
  return [guess, local - offset_ms(guess, timeZone)].find((time) => time + offset_ms(time, timeZone) === local);
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
