import { actorText } from './actor.ts';
import type { CountChange, Explanation } from './plan-explanation.ts';
import { indented, textTable } from './text-table.ts';
import { momentText } from './times.ts';

/** More than this is told by `rockpool events`. */
const since_max = 15;

/** The story of a service's count, one line for each change. */
export function renderExplanation(explanation: Explanation): string {
  const { service, desired, running, bounds, changes, since, present } = explanation;
  const range = bounds ? ` (min ${bounds.min}, max ${bounds.max})` : '';
  const left = since.slice(-since_max);
  return [
    `${service}: ${desired} wanted, ${running} running${range}`,
    ...indented(present),
    '',
    changes.length > 0 ? 'how it came to be' : 'its count has not changed since it was created',
    ...indented(textTable(changes.map(changeRow))),
    ...(left.length > 0
      ? ['', since.length > left.length ? `since then (the last ${left.length} of ${since.length})` : 'since then']
      : []),
    ...indented(left.map(({ time, message }) => `${momentText(time)}  ${message}`)),
    '',
  ].join('\n');
}

const changeRow = (change: CountChange): string[] => [
  momentText(change.time),
  `${change.from} -> ${change.to}`,
  actorText(change.by),
  becauseOf(change),
];

function becauseOf({ metric, value, threshold, alarm, rule, reason }: CountChange): string {
  const crossing = metric && value !== undefined ? `${metric} was ${value}${relation(value, threshold)}` : reason;
  const by = [alarm && `alarm ${alarm}`, rule && `rule ${rule}`].filter((part) => !!part).join(', ');
  if (crossing) return `because ${crossing}${by ? ` (${by})` : ''}`;
  return by ? `because of ${by}` : '';
}

function relation(value: number, threshold: number | undefined): string {
  if (threshold === undefined) return '';
  if (value === threshold) return `, which is its threshold`;
  return `, ${value > threshold ? 'above' : 'below'} ${threshold}`;
}
