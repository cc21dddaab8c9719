import { digestOf } from '../../../packages/engine/src/edges/blob-directory.ts';
import type { BlobStore } from '../../../packages/engine/src/kernel/blob-store.ts';
import type { VirtualClock } from '../../../packages/engine/src/kernel/clock.ts';
import type { Service } from '../../../packages/engine/src/kernel/service.ts';
import type { Runtime } from '../../../packages/engine/src/runtimes/runtime.ts';
import { applicationAutoScaling } from '../../../packages/engine/src/services/application-auto-scaling/index.ts';
import { cloudFormation } from '../../../packages/engine/src/services/cloudformation/index.ts';
import { cloudWatch } from '../../../packages/engine/src/services/cloudwatch/index.ts';
import { ec2 } from '../../../packages/engine/src/services/ec2/index.ts';
import { ecr } from '../../../packages/engine/src/services/ecr/index.ts';
import { ecs } from '../../../packages/engine/src/services/ecs/index.ts';
import type { DataPlane } from '../../../packages/engine/src/services/elbv2/data-plane.ts';
import { elbv2 } from '../../../packages/engine/src/services/elbv2/index.ts';
import { eventBridge } from '../../../packages/engine/src/services/eventbridge/index.ts';
import { iam } from '../../../packages/engine/src/services/iam/index.ts';
import type { FunctionRunner } from '../../../packages/engine/src/services/lambda/function-runner.ts';
import { lambda } from '../../../packages/engine/src/services/lambda/index.ts';
import { logs } from '../../../packages/engine/src/services/logs/index.ts';
import { s3 } from '../../../packages/engine/src/services/s3/index.ts';
import { sns } from '../../../packages/engine/src/services/sns/index.ts';
import type { MailTransport } from '../../../packages/engine/src/services/sns/mail-transport.ts';
import { ssm } from '../../../packages/engine/src/services/ssm/index.ts';
import { sts } from '../../../packages/engine/src/services/sts/index.ts';
import type { Lab } from '../../../packages/engine/src/testing/lab.ts';
import type { Synthesised } from './assembly.ts';
import type { StoryTime } from './story-time.ts';

/** What an engine of the story is made of: its edges. The blobs outlive it, as a disk would. */
export interface Edges {
  readonly clock: VirtualClock;
  readonly runtime: Runtime;
  readonly functions: FunctionRunner;
  readonly dataPlane: DataPlane;
  readonly mail: MailTransport;
  readonly images: BlobStore;
  readonly code: BlobStore;
  readonly published: Synthesised['objects'];
}

const endpoint = () => 'http://127.0.0.1:4566';

/** Every service of the engine, on models of the outside world. */
export function allServices(edges: Edges): Service[] {
  const { clock, runtime, functions, dataPlane, mail, images, code, published } = edges;
  const readObject = (_: unknown, bucket: string, key: string) => published.get(`${bucket}/${key}`);
  const services: Service[] = [
    sts(),
    iam(),
    ssm(),
    s3({ blobs: code }),
    ecr({ blobs: images, endpoint: () => '127.0.0.1:4566' }),
    ec2(),
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

const manifestType = 'application/vnd.oci.image.manifest.v1+json';

/** What `rockpool up` does before it deploys, as far as the templates need it. */
function publish(lab: Lab, { images }: Synthesised): void {
  lab.ssm.putParameter({ Name: '/cdk-bootstrap/hnb659fds/version', Type: 'String', Value: '30' });
  for (const repositoryName of new Set(images.map(({ repository }) => repository))) {
    lab.ecr.createRepository({ repositoryName });
    const config = Buffer.from(JSON.stringify({ config: { Cmd: ['serve'] } }));
    const { uploadId = '' } = lab.ecr.initiateLayerUpload({ repositoryName });
    lab.ecr.uploadLayerPart({
      ...{ repositoryName, uploadId, layerPartBlob: config },
      ...{ partFirstByte: 0, partLastByte: config.length - 1 },
    });
    lab.ecr.completeLayerUpload({ repositoryName, uploadId, layerDigests: [digestOf(config)] });
    const manifest = (tag: string) => ({
      ...{ schemaVersion: 2, mediaType: manifestType, annotations: { tag }, layers: [] },
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(config), size: config.length },
    });
    for (const { tag } of images.filter(({ repository }) => repository === repositoryName))
      lab.ecr.putImage({
        ...{ repositoryName, imageTag: tag, imageManifestMediaType: manifestType },
        imageManifest: JSON.stringify(manifest(tag)),
      });
  }
}

/** Deploys the example's own templates, as its tools do: by a change set of nested stacks. */
export async function deploy(lab: Lab, synthesised: Synthesised, time: StoryTime): Promise<void> {
  publish(lab, synthesised);
  const { stackName: StackName, templateUrl } = synthesised;
  const named = { StackName, ChangeSetName: 'story' };
  lab.cloudFormation.createChangeSet({
    ...named,
    ChangeSetType: 'CREATE',
    IncludeNestedStacks: true,
    TemplateURL: templateUrl.replace('s3://', `${endpoint()}/`),
    Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
  });
  const read = lab.cloudFormation.describeChangeSet(named);
  if (read.Status !== 'CREATE_COMPLETE') throw new Error(`the change set is ${read.Status}: ${read.StatusReason}`);
  lab.cloudFormation.executeChangeSet(named);
  const status = () => lab.cloudFormation.describeStacks({ StackName }).Stacks?.[0]?.StackStatus;
  await time.until(() => !status()?.endsWith('_IN_PROGRESS'), 600_000);
  if (status() !== 'CREATE_COMPLETE') throw new Error(`the stack is ${status()}`);
}
