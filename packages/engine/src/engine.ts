import { join } from 'node:path';
import { adminRoutes, type EngineStatus } from './admin/routes.ts';
import { authorizer } from './authorization/authorizer.ts';
import type { ResourceHandler } from './cloudformation/resource-handler.ts';
import { blobDirectory } from './edges/blob-directory.ts';
import { processFunctions } from './edges/process-functions/process-functions.ts';
import { proxyDataPlane } from './edges/proxy-data-plane.ts';
import { smtpMail } from './edges/smtp-mail.ts';
import { sqliteJournal } from './edges/sqlite-journal.ts';
import { lockState } from './edges/state-lock.ts';
import { systemCertificateKeys } from './edges/system-certificate-keys.ts';
import { systemIds } from './edges/system-ids.ts';
import { systemKeyMaterial } from './edges/system-key-material.ts';
import { systemSshKeys } from './edges/system-ssh-keys.ts';
import { webClient } from './edges/web-client.ts';
import { type Clock, type ClockAnchor, systemClock } from './kernel/clock.ts';
import type { Context } from './kernel/context.ts';
import { Kernel } from './kernel/kernel.ts';
import type { Service } from './kernel/service.ts';
import { processRuntime } from './runtimes/process/process-runtime.ts';
import { acm } from './services/acm/index.ts';
import { applicationAutoScaling } from './services/application-auto-scaling/index.ts';
import { cloudFormation } from './services/cloudformation/index.ts';
import { cloudWatch } from './services/cloudwatch/index.ts';
import { dynamoDb } from './services/dynamodb/index.ts';
import { ec2 } from './services/ec2/index.ts';
import { ecr } from './services/ecr/index.ts';
import { ecs } from './services/ecs/index.ts';
import { elbv2 } from './services/elbv2/index.ts';
import { eventBridge } from './services/eventbridge/index.ts';
import { identityOf } from './services/iam/identity-policies.ts';
import { iam } from './services/iam/index.ts';
import { kms } from './services/kms/index.ts';
import { lambda } from './services/lambda/index.ts';
import { invokeForService } from './services/lambda/invoke-for-service.ts';
import { logs } from './services/logs/index.ts';
import { route53 } from './services/route53/index.ts';
import { bucketCors } from './services/s3/cors/bucket-cors.ts';
import { readObject, s3 } from './services/s3/index.ts';
import { secretsManager } from './services/secrets-manager/index.ts';
import { sns } from './services/sns/index.ts';
import { sqs } from './services/sqs/index.ts';
import { ssm } from './services/ssm/index.ts';
import { sts } from './services/sts/index.ts';
import { createServer, type WireServer } from './wire/server.ts';
import { makeThrottling } from './wire/throttling/throttling.ts';

export interface EngineOptions {
  /** Where everything is kept. Created when it is not there. */
  readonly directory: string;
  /** The port of the AWS API; 0 takes any free one. */
  readonly port: number;
  /** How many platform seconds pass in a real one. */
  readonly speed: number;
  readonly account: string;
  /** `smtp://host:port` of a server that mails go to instead of the built-in mailbox. */
  readonly smtp?: string;
  /** Whether CloudFormation refuses resource types that nothing stands behind, instead of recording them. */
  readonly strict?: boolean;
  readonly version: string;
  onBug(error: unknown, where: string): void;
}

export interface Engine {
  readonly port: number;
  readonly endpoint: string;
  readonly kernel: Kernel;
  /** Resolves when the engine has been stopped, by `stop` or through its admin surface. */
  readonly stopped: Promise<void>;
  /** Ends in good order. Tasks go on running, to be found again by the next start, unless they are to end too. */
  stop(options: { readonly tasks: boolean }): Promise<void>;
}

/** Starts an engine on a state folder: what was there goes on, and the AWS API answers when this resolves. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const unlock = lockState(options.directory, options.port);
  try {
    return await start(options, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function start(options: EngineOptions, unlock: () => void): Promise<Engine> {
  const { directory, account, onBug } = options;
  const journal = sqliteJournal(directory);
  const clock = systemClock({ speed: options.speed, ...storedAnchor(journal.fact('clock')) });
  journal.setFact('clock', JSON.stringify(clock.anchor));
  let port = options.port;
  const endpoint = () => `http://127.0.0.1:${port}`;
  const services = makeServices({ ...options, clock, endpoint });
  const authorize = authorizer({ identityOf });
  const kernel = new Kernel({ clock, ids: systemIds(), journal, services, authorize, onBug });
  const { promise: stopped, resolve: noteStopped } = Promise.withResolvers<void>();
  const status = (): EngineStatus => ({
    engine: 'rockpool',
    version: options.version,
    pid: process.pid,
    port,
    state: directory,
    account,
    speed: options.speed,
    now: clock.now(),
    services: services.map((service) => service.name),
  });
  let stopping: Promise<void> | undefined;
  const stop = (how: { readonly tasks: boolean }) => {
    stopping ??= end(how).finally(noteStopped);
    return stopping;
  };
  const throttling = makeThrottling({ clock });
  const admin = adminRoutes({
    ...{ journal, throttling, services },
    status,
    stop: (how) => void stop(how),
    onEvent: (listener) => kernel.onEvent(listener),
  });
  const crossOrigin = bucketCors(() => kernel.in({ account, region: 'us-east-1' }).store);
  const server = createServer({ kernel, routes: admin, account, throttling, crossOrigin, onBug });
  async function end({ tasks }: { readonly tasks: boolean }): Promise<void> {
    await server.close();
    await kernel.stop();
    if (tasks) await endTasks(directory, clock.speed);
    unlock();
  }
  port = (await listen(server, kernel, options.port)).port;
  unlock = lockState(directory, port);
  kernel.start();
  return { port, endpoint: endpoint(), kernel, stopped, stop };
}

function storedAnchor(fact: string | undefined): { readonly anchor?: ClockAnchor } {
  return fact === undefined ? {} : { anchor: JSON.parse(fact) as ClockAnchor };
}

/** An engine that cannot listen ends what its services have opened already (threads, mailbox, journal): the process must be able to end. */
async function listen(server: WireServer, kernel: Kernel, port: number): Promise<{ readonly port: number }> {
  try {
    return await server.listen(port);
  } catch (error) {
    await kernel.stop();
    throw error;
  }
}

interface World extends EngineOptions {
  readonly clock: Clock & { readonly anchor: ClockAnchor };
  endpoint(): string;
}

/** Every service the engine has, with the parts of the outside world that each needs. */
function makeServices({ directory, clock, endpoint, smtp, strict, onBug }: World): Service[] {
  const blobsOf = (name: string) => blobDirectory(join(directory, 'blobs', name));
  const [objects, images, code] = [blobsOf('s3'), blobsOf('ecr'), blobsOf('lambda')];
  const { anchor, speed } = clock;
  const runtime = processRuntime({ directory: join(directory, 'tasks'), blobs: images, speed, endpoint });
  const functions = processFunctions({ directory: join(directory, 'functions'), blobs: code });
  const read = (context: Context, bucket: string, key: string, versionId?: string) =>
    readObject({ blobs: objects }, context, bucket, key, versionId);
  const functionService = lambda({ functions, blobs: code, endpoint, readObject: read, anchor });
  const invoke = invokeForService(() => functionService);
  const services: Service[] = [
    sts(),
    iam(),
    acm({ keys: systemCertificateKeys() }),
    ssm(),
    kms({ material: systemKeyMaterial() }),
    secretsManager(),
    sqs({ clock, endpoint }),
    dynamoDb(),
    route53(),
    s3({ blobs: objects }),
    ecr({ blobs: images, endpoint: () => endpoint().replace('http://', '') }),
    ec2({ readObject: read, sshKeys: systemSshKeys() }),
    logs(),
    cloudWatch(),
    eventBridge(),
    sns({ mail: smtpMail({ smtp }), web: webClient(), endpoint }),
    functionService,
    elbv2({ dataPlane: proxyDataPlane({ clock, onBug }) }),
    ecs({ runtime, blobs: images, endpoint, clock }),
    applicationAutoScaling(),
    cloudFormation({ resources: () => handlers, readObject: read, endpoint, strict: strict ?? false, invoke }),
  ];
  const handlers = Object.assign({}, ...services.map((service) => service.resources ?? {})) as Readonly<
    Record<string, ResourceHandler>
  >;
  return services;
}

/** A runtime that is told of no container it should have ends all that it finds. */
async function endTasks(directory: string, speed: number): Promise<void> {
  const runtime = processRuntime({
    directory: join(directory, 'tasks'),
    blobs: blobDirectory(join(directory, 'blobs', 'ecr')),
    speed,
  });
  runtime.adopt([]);
  await runtime.close();
}
