import { planShutdown, type ServerState, type ShutdownOrder } from './plan-shutdown.ts';

/** What became of an order to go down. */
export interface ShutdownOutcome {
  readonly down: boolean;
  /** Leases that were still held at the end: rescinded, left to their clients, or the reason for a refusal. */
  readonly leases: number;
  readonly rescinded: boolean;
  readonly waited_seconds: number;
}

export interface Shutdown {
  /** Asks the server to go down. The promise tells how it ended, before the server closes. */
  request(order: ShutdownOrder): Promise<ShutdownOutcome>;
  /** Looks again: something may have changed. */
  review(): void;
  /** No new licence is granted while an operator waits for the last one. A signal changes nothing: clients still come. */
  grants(): boolean;
  isGoingDown(): boolean;
}

export interface ShutdownParts {
  readonly state: () => ServerState;
  /** Takes the leases from their clients. */
  readonly rescind: () => void;
  readonly announce: (event: 'down-requested' | 'down-refused' | 'down', message: string) => void;
  /** Closes the server. Called once. */
  readonly close: () => void;
}

interface OpenOrder extends ShutdownOrder {
  readonly since: number;
  readonly settle: (outcome: ShutdownOutcome) => void;
}

/** Carries orders to go down: asks the plan what to do, and does it. */
export function createShutdown({ state, rescind, announce, close }: ShutdownParts): Shutdown {
  let orders: OpenOrder[] = [];
  let closing = false;

  const settle = (settled: readonly ShutdownOrder[], result: { down: boolean; leases: number; rescinded: boolean }) => {
    const { now } = state();
    for (const order of orders.filter((one) => settled.includes(one))) {
      order.settle({ ...result, waited_seconds: Math.round((now - order.since) / 100) / 10 });
    }
  };

  const review = () => {
    if (closing) return;
    const { leases } = state();
    const step = planShutdown(orders, state());
    if (step.do === 'refuse') {
      announce('down-refused', `lm down: refused, ${leases} licences are still in use`);
      settle(step.orders, { down: false, leases, rescinded: false });
      orders = orders.filter((order) => !step.orders.includes(order));
    }
    if (step.do === 'close') {
      closing = true;
      if (step.leases === 'rescind') rescind();
      announce('down', `lm down: going down, ${describeEnd(step.leases, leases)}`);
      settle(orders, { down: true, leases, rescinded: step.leases === 'rescind' });
      close();
    }
  };

  return {
    request(order) {
      if (closing) return Promise.resolve({ down: true, leases: 0, rescinded: false, waited_seconds: 0 });
      return new Promise((resolve) => {
        announce('down-requested', `lm down: requested by ${order.by}`);
        orders.push({ ...order, since: state().now, settle: resolve });
        review();
      });
    },
    review,
    grants: () => orders.every((order) => order.kind === 'signal'),
    isGoingDown: () => closing || orders.length > 0,
  };
}

function describeEnd(how: 'none' | 'rescind' | 'leave', leases: number): string {
  if (how === 'none') return 'no licence is in use';
  return how === 'rescind' ? `${leases} licences rescinded` : `${leases} licences left to their clients`;
}
