import type { Protocol } from '../model.ts';

interface Phase {
  readonly retries: number;
  readonly delay_s: (retry: number) => number;
}

const always = (delay_s: number) => () => delay_s;
/** From the one to the other, by the same factor each time. */
const growing = (from_s: number, to_s: number, retries: number) => (retry: number) =>
  from_s * (to_s / from_s) ** (retry / (retries - 1));

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html */
const awsManaged: readonly Phase[] = [
  { retries: 3, delay_s: always(0) },
  { retries: 2, delay_s: always(1) },
  { retries: 10, delay_s: growing(1, 20, 10) },
  { retries: 100_000, delay_s: always(20) },
];
const customerManaged: readonly Phase[] = [
  { retries: 2, delay_s: always(10) },
  { retries: 10, delay_s: growing(10, 600, 10) },
  { retries: 38, delay_s: always(600) },
];
/** The default delivery policy; another one is kept, and not followed. */
const http: readonly Phase[] = [{ retries: 3, delay_s: always(20) }];

const phasesOf: Readonly<Record<Protocol, readonly Phase[]>> = {
  lambda: awsManaged,
  sqs: awsManaged,
  email: customerManaged,
  'email-json': customerManaged,
  sms: customerManaged,
  http,
  https: http,
};

/** How long to wait before trying again after so many attempts have failed; undefined when it is given up. */
export function planRetry(protocol: Protocol, attempts: number): number | undefined {
  let retry = attempts - 1;
  for (const phase of phasesOf[protocol]) {
    if (retry < phase.retries) return Math.round(phase.delay_s(retry) * 1000);
    retry -= phase.retries;
  }
  return undefined;
}
