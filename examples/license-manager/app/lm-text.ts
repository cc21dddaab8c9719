import type { DownLine } from './admin.ts';

/** The answer of GET /usage. */
export interface Usage {
  readonly server: string;
  readonly licences: Readonly<Record<string, FeatureLine>>;
}

interface FeatureLine {
  readonly total: number;
  readonly inUse: number;
  readonly leases: readonly {
    readonly client: string;
    readonly issuer: string;
    readonly adopted: boolean;
    readonly checkedOutAt: string;
    readonly expiresAt: string;
  }[];
}

export function describeStat({ server, licences }: Usage): string {
  const lines = Object.entries(licences).flatMap(([feature, { total, inUse, leases }]) => [
    `${feature}: ${inUse} of ${total} in use`,
    ...leases.map(({ client, issuer, adopted, checkedOutAt, expiresAt }) => {
      const from = adopted ? `, from ${issuer}` : '';
      return `  ${client}  since ${checkedOutAt}, until ${expiresAt}${from}`;
    }),
  ]);
  return `licence server ${server}\n${lines.join('\n')}\n`;
}

export function describeDown(line: DownLine, timeout_seconds: number): string {
  if ('waitingFor' in line) {
    if (line.waitingFor === 0) return 'lm down: no licence is in use\n';
    return `lm down: ${countLicences(line.waitingFor)} in use, waiting up to ${timeout_seconds} s\n`;
  }
  const { down, leases, rescinded, waited_seconds } = line;
  if (!down) {
    return (
      `lm down: not done, ${countLicences(leases)} still in use after ${waited_seconds} s; the server goes on\n` +
      '  next: wait longer with --timeout SECONDS, or take the licences from their clients with --force\n'
    );
  }
  if (rescinded) return `lm down: done after ${waited_seconds} s, ${countLicences(leases)} rescinded\n`;
  if (leases > 0) return `lm down: done after ${waited_seconds} s, ${countLicences(leases)} left to their clients\n`;
  return `lm down: done after ${waited_seconds} s, no licence in use\n`;
}

function countLicences(count: number): string {
  return count === 1 ? '1 licence' : `${count} licences`;
}
