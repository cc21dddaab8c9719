/** The machine computes no faster when the platform's time does: so much of its own time it has in any case. */
const real_ms_min = 1_000;
/** What Lambda gives the initialisation of an environment (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html). */
const init_ms = 10_000;

/** How long an event may take, in platform time: what the function says, unless that is less than a real second. */
export const planTimeout = (configured_s: number, speed: number): number =>
  Math.max(configured_s * 1000, Number.isFinite(speed) ? real_ms_min * speed : 0);

/** How long an environment may take to start. It is the machine's time that is meant; in virtual time nothing takes any. */
export const planInitTimeout = (timeout_ms: number, speed: number): number =>
  Number.isFinite(speed) ? Math.max(init_ms * Math.max(1, speed), timeout_ms) : Number.POSITIVE_INFINITY;
