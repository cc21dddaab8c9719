/** What the platform itself takes, in its own time: short, because nobody wants to wait for it here, but not nothing, so that every state can be seen. */
export const provisioning_ms = 400;
export const activating_ms = 100;
export const deprovisioning_ms = 400;
/** How often a draining target is asked about. */
export const drainPoll_ms = 1000;
/** Stopped tasks can be described for an hour (developer guide, "Viewing Amazon ECS stopped task errors"). */
export const stoppedKept_ms = 3_600_000;
/** Default of `stopTimeout` on Fargate (developer guide, task definition parameters). */
export const stopTimeoutDefault_s = 30;
