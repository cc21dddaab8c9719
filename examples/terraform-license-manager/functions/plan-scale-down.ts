export interface Container {
  readonly taskArn: string;
  /** Its licences in use. Undefined: it has not told any lately. */
  readonly inUse: number | undefined;
}

export interface Seen {
  readonly alarmIsOn: boolean;
  readonly desired: number;
  readonly min: number;
  /** Whether a deployment is under way. */
  readonly deploying: boolean;
  readonly containers: readonly Container[];
}

/** The container that goes and those that stay, or why none goes. */
export type Plan =
  | { readonly go: string; readonly inUse: number; readonly stay: readonly string[] }
  | { readonly wait: string };

/** Chooses the container with the fewest licences, if it has little to do and the others can take what it has. Pure. */
export function planScaleDown(
  { alarmIsOn, desired, min, deploying, containers }: Seen,
  { below, above }: { readonly below: number; readonly above: number },
): Plan {
  if (!alarmIsOn) return { wait: 'no container has little to do' };
  if (desired <= min) return { wait: `there are no more than the ${min} that there are to be` };
  if (deploying) return { wait: 'a deployment is under way' };
  if (containers.length !== desired) return { wait: `${containers.length} of ${desired} containers run` };
  const known = containers.flatMap(({ taskArn, inUse }) => (inUse === undefined ? [] : [{ taskArn, inUse }]));
  if (known.length < containers.length) return { wait: 'a container does not tell its figures' };
  const [first, ...others] = known.sort((a, b) => a.inUse - b.inUse || a.taskArn.localeCompare(b.taskArn));
  if (!first || first.inUse >= below) return { wait: 'no container has little to do' };
  const total = known.reduce((sum, { inUse }) => sum + inUse, 0);
  if (total > others.length * above) return { wait: `the others cannot take its ${first.inUse} licences` };
  return { go: first.taskArn, inUse: first.inUse, stay: others.map(({ taskArn }) => taskArn) };
}
