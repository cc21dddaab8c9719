import type { WebClient } from '../services/sns/ports.ts';

/** SNS waits fifteen seconds for an answer (https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html). */
const timeout_ms = 15_000;

/** Posts over the network. */
export const webClient = (): WebClient => ({
  post({ url, headers, body }, done) {
    fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(timeout_ms) }).then(
      (response) => {
        void response.body?.cancel();
        done({ status: response.status });
      },
      (error: Error) => done({ failure: error.cause instanceof Error ? error.cause.message : error.message }),
    );
  },
});
