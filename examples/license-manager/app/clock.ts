import { SettingError } from './setting-error.ts';

/** The platform's time: the real one on AWS, `speed` times faster under an accelerated local engine. */
export interface Clock {
  readonly speed: number;
  /** Platform time in epoch milliseconds. It never goes back, even when the machine's clock is set back. */
  now(): number;
  /** How many real milliseconds `seconds` of platform time take. For timers only. */
  seconds(seconds: number): number;
}

/**
 * Reads the platform's time from the environment: `ROCKPOOL_CLOCK` (`<platform ms>@<real ms>x<speed>`) gives time and speed,
 * `ROCKPOOL_SPEED` the speed alone, counted from now. With neither, time is the machine's.
 */
export function createClock(env: Readonly<Record<string, string | undefined>>, real_ms = monotonic_ms): Clock {
  const { platform_ms, anchor_ms, speed } = readAnchor(env, real_ms());
  return {
    speed,
    now: () => Math.floor(platform_ms + (real_ms() - anchor_ms) * speed),
    seconds: (seconds) => (seconds * 1000) / speed,
  };
}

const monotonic_ms = () => performance.timeOrigin + performance.now();

function readAnchor(env: Readonly<Record<string, string | undefined>>, started_ms: number) {
  const written = env['ROCKPOOL_CLOCK'];
  if (!written) return { platform_ms: started_ms, anchor_ms: started_ms, speed: readSpeed(env['ROCKPOOL_SPEED']) };

  const [, platform, real, speed] = /^(\d+(?:\.\d+)?)@(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)$/.exec(written) ?? [];
  if (!platform || !real || !speed) {
    throw new SettingError(
      `ROCKPOOL_CLOCK is "${written}", not <platform ms>@<real ms>x<speed>`,
      'unset it, or set ROCKPOOL_SPEED',
    );
  }
  return { platform_ms: Number(platform), anchor_ms: Number(real), speed: readSpeed(speed) };
}

function readSpeed(written: string | undefined): number {
  if (!written) return 1;
  const speed = Number(written);
  if (Number.isFinite(speed) && speed > 0) return speed;
  throw new SettingError(
    `ROCKPOOL_SPEED is "${written}", not a number above 0`,
    'unset it, or set it to 1 for real time',
  );
}
