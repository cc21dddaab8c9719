/** Notes whether something works, and logs when that changes. */
export interface StateLog {
  working(what: string): void;
  failing(what: string, reason: string): void;
}

/** A sidecar may fail the same way every second for a night: only the first failure and the recovery are news. */
export function createStates(log: (line: Readonly<Record<string, unknown>>) => void): StateLog {
  const works = new Map<string, boolean>();
  return {
    working(what) {
      if (works.get(what) !== true) log({ event: `${what}-working`, message: `${what}: working` });
      works.set(what, true);
    },
    failing(what, reason) {
      if (works.get(what) !== false) log({ event: `${what}-failing`, message: `${what}: ${reason}` });
      works.set(what, false);
    },
  };
}
