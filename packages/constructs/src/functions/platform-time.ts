/** The time that a function lives in. */
export interface PlatformTime {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of that same time. */
  sleep(duration_ms: number): Promise<void>;
  /** How much of that time passes in a length of the machine's time. */
  fromReal_ms(real_ms: number): number;
}

interface RealTime {
  now(): number;
  sleep(duration_ms: number): Promise<void>;
}

/**
 * The machine's own time, unless the setting (`<time>@<machine's time>x<speed>`, both in milliseconds) says that the
 * platform was at the first when the machine was at the second and goes `speed` times as fast since.
 */
export function platformTime(setting: string | undefined, real: RealTime): PlatformTime {
  const parts = /^(\d+(?:\.\d+)?)@(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)$/.exec(setting ?? '');
  const speed = Number(parts?.[3] ?? 1);
  if (!parts || !(speed > 0)) return { ...real, now: () => real.now(), fromReal_ms: (real_ms) => real_ms };
  const [start, realStart] = [Number(parts[1]), Number(parts[2])];
  return {
    now: () => Math.round(start + (real.now() - realStart) * speed),
    sleep: (duration_ms) => real.sleep(duration_ms / speed),
    fromReal_ms: (real_ms) => real_ms * speed,
  };
}
