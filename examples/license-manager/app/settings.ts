import { readFileSync } from 'node:fs';
import { readSeats } from './licence-file.ts';
import { SettingError } from './setting-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** All that can be set from outside. Seconds are of the platform's clock. */
export interface Settings {
  readonly port: number;
  /** Address to listen on. Undefined listens on all, as a container must. */
  readonly host?: string;
  /** The same for all containers of the service: it makes a licence checked out at one of them good at every other. */
  readonly signingKey: string;
  readonly seats: ReadonlyMap<string, number>;
  readonly lease_seconds: number;
  /** How long a stop may take. Keep it below the container's stopTimeout. */
  readonly stopBudget_seconds: number;
  /** How long no client request must have come before SIGTERM counts the server as idle. */
  readonly quiet_seconds: number;
}

/** Where `lm` finds the server: the part of the settings both share. */
export interface ServerAddress {
  readonly host?: string;
  readonly port: number;
  readonly signingKey: string;
}

export function readSettings(env: Environment): Settings {
  const { host, port, signingKey } = readServerAddress(env);
  const file = env['LM_LICENCE_FILE'] || new URL('licences.json', import.meta.url);
  return {
    host,
    port,
    signingKey,
    seats: readSeats(readLicenceFile(file), String(file)),
    lease_seconds: readNumber(env, 'LM_LEASE_SECONDS', { otherwise: 30, least: 1, most: 86_400 }),
    stopBudget_seconds: readNumber(env, 'LM_STOP_BUDGET_SECONDS', { otherwise: 100, least: 0, most: 86_400 }),
    quiet_seconds: readNumber(env, 'LM_QUIET_SECONDS', { otherwise: 5, least: 0, most: 3_600 }),
  };
}

export function readServerAddress(env: Environment): ServerAddress {
  const signingKey = env['LM_SIGNING_KEY'] ?? '';
  if (signingKey.length < 16) {
    throw new SettingError(
      signingKey ? 'LM_SIGNING_KEY is shorter than 16 characters' : 'LM_SIGNING_KEY is not set',
      'give every server of the service, and lm, the same secret: LM_SIGNING_KEY=$(openssl rand -hex 32)',
    );
  }
  return { host: env['HOST'] || undefined, port: readPort(env['PORT']), signingKey };
}

function readPort(written: string | undefined): number {
  const port = Number(written || 8080);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new SettingError(
    `PORT is "${written}", not a port number`,
    'set it to a number from 1 to 65535, or unset it for 8080',
  );
}

function readNumber(env: Environment, name: string, range: { otherwise: number; least: number; most: number }): number {
  const written = env[name];
  if (!written) return range.otherwise;
  const value = Number(written);
  if (Number.isFinite(value) && value >= range.least && value <= range.most) return value;
  throw new SettingError(
    `${name} is "${written}", not a number from ${range.least} to ${range.most}`,
    `unset it for ${range.otherwise}`,
  );
}

function readLicenceFile(file: string | URL): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new SettingError(
      `the licence file cannot be read: ${error instanceof Error ? error.message : error}`,
      'set LM_LICENCE_FILE to a file such as {"cad": 100}',
    );
  }
}
