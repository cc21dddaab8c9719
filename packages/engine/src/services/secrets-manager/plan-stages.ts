import { stageIsElsewhere, stageIsNotThere, versionNotFound } from './errors.ts';
import type { Version } from './model.ts';

const [current, previous] = ['AWSCURRENT', 'AWSPREVIOUS'] as const;

/** Versions without any stage are kept as long as there are few (AWS: about a hundred, and those younger than a day). */
const unstaged_max = 100;

const without = (version: Version, stage: string): Version => ({
  ...version,
  stages: version.stages.filter((each) => each !== stage),
});
const including = (version: Version, stage: string): Version => ({
  ...version,
  stages: [...version.stages.filter((each) => each !== stage), stage],
});

export const holderOf = (versions: readonly Version[], stage: string): Version | undefined =>
  versions.find(({ stages }) => stages.includes(stage));

/**
 * Puts stages on a version and takes them from where they were. Whatever loses AWSCURRENT becomes AWSPREVIOUS
 * (https://docs.aws.amazon.com/secretsmanager/latest/userguide/getting-started.html#term_version).
 */
export function planStages(versions: readonly Version[], id: string, stages: readonly string[]): readonly Version[] {
  return stages.reduce(moveStage(id), versions);
}

const moveStage =
  (id: string) =>
  (versions: readonly Version[], stage: string): readonly Version[] => {
    const holder = holderOf(versions, stage);
    const moved = versions.map((version) => (version.id === id ? including(version, stage) : without(version, stage)));
    if (stage !== current || !holder || holder.id === id) return moved;
    return moved.map((version) =>
      version.id === holder.id ? including(version, previous) : without(version, previous),
    );
  };

/** A new version with its stages among the others; the oldest that have none are forgotten. */
export function planVersion(
  versions: readonly Version[],
  fresh: Omit<Version, 'stages'>,
  stages: readonly string[],
): readonly Version[] {
  const all = planStages([...versions, { ...fresh, stages: [] }], fresh.id, stages);
  const unstaged = all.filter((version) => version.stages.length === 0);
  const forgotten = new Set(unstaged.slice(0, Math.max(0, unstaged.length - unstaged_max)));
  return all.filter((version) => !forgotten.has(version));
}

interface Move {
  readonly stage: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A stage moved by hand, as UpdateSecretVersionStage does: whoever moves it must know where it is. */
export function planMove(versions: readonly Version[], { stage, from, to }: Move): readonly Version[] {
  for (const id of [from, to])
    if (id !== undefined && !versions.some((version) => version.id === id)) throw versionNotFound(id);
  const holder = holderOf(versions, stage);
  if (from !== undefined && holder?.id !== from) throw stageIsNotThere(stage, from);
  if (to === undefined) return versions.map((version) => (version.id === from ? without(version, stage) : version));
  if (holder && holder.id !== to && from === undefined) throw stageIsElsewhere(stage, holder.id);
  return planStages(versions, to, [stage]);
}
