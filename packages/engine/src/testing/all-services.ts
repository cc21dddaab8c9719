import { systemCertificateKeys } from '../edges/system-certificate-keys.ts';
import { systemSshKeys } from '../edges/system-ssh-keys.ts';
import type { BlobStore } from '../kernel/blob-store.ts';
import type { VirtualClock } from '../kernel/clock.ts';
import type { Service } from '../kernel/service.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import { acm } from '../services/acm/index.ts';
import { applicationAutoScaling } from '../services/application-auto-scaling/index.ts';
import { cloudFormation } from '../services/cloudformation/index.ts';
import { cloudWatch } from '../services/cloudwatch/index.ts';
import { dynamoDb } from '../services/dynamodb/index.ts';
import { ec2 } from '../services/ec2/index.ts';
import { ecr } from '../services/ecr/index.ts';
import { ecs } from '../services/ecs/index.ts';
import type { DataPlane } from '../services/elbv2/data-plane.ts';
import { elbv2 } from '../services/elbv2/index.ts';
import { eventBridge } from '../services/eventbridge/index.ts';
import { iam } from '../services/iam/index.ts';
import { kms } from '../services/kms/index.ts';
import type { FunctionRunner } from '../services/lambda/function-runner.ts';
import { lambda } from '../services/lambda/index.ts';
import { logs } from '../services/logs/index.ts';
import { route53 } from '../services/route53/index.ts';
import { s3 } from '../services/s3/index.ts';
import { secretsManager } from '../services/secrets-manager/index.ts';
import { sns } from '../services/sns/index.ts';
import type { MailTransport } from '../services/sns/mail-transport.ts';
import { sqs } from '../services/sqs/index.ts';
import { ssm } from '../services/ssm/index.ts';
import { sts } from '../services/sts/index.ts';
import { seededKeyMaterial } from './seeded-key-material.ts';

/** What an engine of a test is made of: its edges. The blobs outlive it, as a disk would. */
export interface Edges {
  readonly clock: VirtualClock;
  readonly runtime: Runtime;
  readonly functions: FunctionRunner;
  readonly dataPlane: DataPlane;
  readonly mail: MailTransport;
  readonly images: BlobStore;
  readonly code: BlobStore;
  /** Objects that are read as if they were in S3, by `bucket/key`. */
  readonly published: ReadonlyMap<string, Uint8Array>;
}

const endpoint = () => 'http://127.0.0.1:4566';

/** Every service of the engine, on models of the outside world. */
export function allServices(edges: Edges): Service[] {
  const { clock, runtime, functions, dataPlane, mail, images, code, published } = edges;
  const readObject = (_: unknown, bucket: string, key: string) => published.get(`${bucket}/${key}`);
  const services: Service[] = [
    sts(),
    iam(),
    acm({ keys: systemCertificateKeys() }),
    ssm(),
    kms({ material: seededKeyMaterial(1) }),
    secretsManager(),
    sqs({ clock, endpoint }),
    dynamoDb(),
    route53(),
    s3({ blobs: code }),
    ecr({ blobs: images, endpoint: () => '127.0.0.1:4566' }),
    ec2({ readObject, sshKeys: systemSshKeys() }),
    logs(),
    cloudWatch(),
    eventBridge(),
    sns({ mail, endpoint }),
    lambda({ functions, blobs: code, endpoint, readObject }),
    elbv2({ dataPlane }),
    ecs({ runtime, blobs: images, endpoint, clock }),
    applicationAutoScaling(),
    cloudFormation({ resources: () => handlers, readObject }),
  ];
  const handlers = Object.assign({}, ...services.map(({ resources = {} }) => resources));
  return services;
}
