import { UserError } from './user-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface SidecarSettings {
  /** Where the app tells its numbers: a URL that answers with a JSON object. */
  readonly target: string;
  /** Platform seconds between two rounds. */
  readonly interval_seconds: number;
  readonly namespace: string;
  /** What names the service, for example ClusterName and ServiceName. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** The numbers to publish. Undefined means all. */
  readonly metrics?: readonly string[];
  /** The ECS agent's endpoint of this container. Undefined outside of ECS. */
  readonly metadataUri?: string;
  /** How many platform seconds pass in a real one. 1 except under an accelerated local engine. */
  readonly speed: number;
}

/** Reads the settings from the container's environment. */
export function readSettings(env: Environment): SidecarSettings {
  return {
    target: mapPort(readTarget(env), env),
    interval_seconds: readNumber(env, 'SIDECAR_INTERVAL_SECONDS', { otherwise: 10, least: 1, most: 3_600 }),
    namespace: readNamespace(env),
    dimensions: readDimensions(env['SIDECAR_DIMENSIONS']),
    metrics: readNames(env['SIDECAR_METRICS']),
    metadataUri: env['ECS_CONTAINER_METADATA_URI_V4'] || undefined,
    speed: readNumber(env, 'ROCKPOOL_SPEED', { otherwise: 1, least: 0.001, most: 1_000_000 }),
  };
}

function readTarget(env: Environment): URL {
  const written = env['SIDECAR_TARGET'] ?? '';
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url?.protocol === 'http:') return url;
  throw new UserError('InvalidTarget', `SIDECAR_TARGET is "${written}", not an http:// address`, {
    next: ["set it to where the app tells its numbers, for example 'http://127.0.0.1:8080/metrics'"],
  });
}

/** Where the containers of a task run as host processes, the app's port is mapped, and every container of the task is told to which. */
function mapPort(url: URL, env: Environment): string {
  const mapped = env[`ROCKPOOL_PORT_${url.port || 80}`];
  if (mapped) url.port = mapped;
  return url.href;
}

function readNamespace(env: Environment): string {
  const namespace = env['SIDECAR_NAMESPACE'] ?? '';
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html: 1 to 255 characters, no leading colon.
  if (/^[^:]/.test(namespace) && namespace.length <= 255 && !namespace.startsWith('AWS/')) return namespace;
  throw new UserError('InvalidNamespace', `SIDECAR_NAMESPACE is "${namespace}", not a namespace for own metrics`, {
    next: [
      "set it to a name of 1 to 255 characters that begins neither with AWS/ nor with a colon, for example 'Licences'",
    ],
  });
}

/** Takes `{"ClusterName": "c", "ServiceName": "s"}` or `ClusterName=c,ServiceName=s`. */
function readDimensions(written: string | undefined): Readonly<Record<string, string>> {
  if (!written?.trim()) return {};
  const entries = written.trim().startsWith('{') ? readJsonEntries(written) : readListEntries(written);
  const fine = entries.filter((entry): entry is [string, string] => isDimension(...entry));
  // CloudWatch takes 30 dimensions, and TaskId is one.
  if (fine.length < entries.length || fine.length > 29) throw invalidDimensions(written);
  return Object.fromEntries(fine);
}

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html
function isDimension(name: string, value: unknown): boolean {
  const isNamed = /^[^:\s][^\s]{0,254}$/.test(name);
  return isNamed && typeof value === 'string' && value.trim() !== '' && value.length <= 1024;
}

function readJsonEntries(written: string): [string, unknown][] {
  try {
    return Object.entries(JSON.parse(written));
  } catch {
    throw invalidDimensions(written);
  }
}

function readListEntries(written: string): [string, unknown][] {
  return written.split(',').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [name.trim(), value.join('=').trim()];
  });
}

function invalidDimensions(written: string): UserError {
  return new UserError(
    'InvalidDimensions',
    `SIDECAR_DIMENSIONS is "${written}", not a list of at most 29 names and values`,
    {
      next: ['write it as ClusterName=c,ServiceName=s or as {"ClusterName": "c", "ServiceName": "s"}'],
    },
  );
}

function readNames(written: string | undefined): readonly string[] | undefined {
  const names = written?.split(',').flatMap((name) => name.trim() || []);
  return names?.length ? names : undefined;
}

function readNumber(env: Environment, name: string, range: { otherwise: number; least: number; most: number }): number {
  const written = env[name];
  if (!written) return range.otherwise;
  const value = Number(written);
  if (Number.isFinite(value) && value >= range.least && value <= range.most) return value;
  throw new UserError('InvalidNumber', `${name} is "${written}", not a number from ${range.least} to ${range.most}`, {
    next: [`unset it for ${range.otherwise}`],
  });
}
