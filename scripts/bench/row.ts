/** One line of the table: what was measured, in its unit, against its budget. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly budget: string;
  readonly kept: boolean;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

export const atMost = (what: string, value: number, max: number, unit: string, also = ''): Row => ({
  what,
  measured: `${readable(value)} ${unit}${also}`,
  budget: `<= ${max} ${unit}`,
  kept: value <= max,
});

/** A rate as a share of another that was measured in the same run. */
export const atLeastShare = (what: string, rates: Ratio, min_percent: number): Row => {
  const percent = median(rates.shares) * 100;
  return {
    what,
    measured: `${readable(percent)} % (${perSecond(median(rates.own))} of ${perSecond(median(rates.other))})`,
    budget: `>= ${min_percent} %`,
    kept: percent >= min_percent,
  };
};

/** A rate as so many times another that was measured in the same run. */
export const atLeastTimes = (what: string, rates: Ratio, min: number): Row => {
  const times = median(rates.shares);
  return {
    what,
    measured: `${readable(times)} x (${perSecond(median(rates.own))} to ${perSecond(median(rates.other))})`,
    budget: `>= ${min} x`,
    kept: times >= min,
  };
};

export interface Ratio {
  readonly own: readonly number[];
  readonly other: readonly number[];
  readonly shares: readonly number[];
}

/** Measures two things by turns, so that whatever else the machine does meets both. */
export async function byTurns(
  rounds: number,
  own: () => Promise<number>,
  other: () => Promise<number>,
): Promise<Ratio> {
  const ratio = { own: [] as number[], other: [] as number[], shares: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const [theirs, ours] = [await other(), await own()];
    ratio.own.push(ours);
    ratio.other.push(theirs);
    ratio.shares.push(ours / theirs);
  }
  return ratio;
}

const readable = (value: number) => (value >= 100 ? Math.round(value).toString() : value.toFixed(value < 1 ? 2 : 1));
const perSecond = (rate: number) => `${Math.round(rate).toLocaleString('en-US')}/s`;

export function renderTable(rows: readonly Row[]): string {
  const cells = [
    ['', 'what', 'measured (median)', 'budget'],
    ...rows.map(({ kept, what, measured, budget }) => [kept ? '✔' : '✘', what, measured, budget]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return `${cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')}\n`;
}
