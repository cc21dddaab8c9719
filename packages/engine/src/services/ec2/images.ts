import { createHash } from 'node:crypto';
import type { Image } from '@aws-sdk/client-ec2';

/** One of the images that everybody may start, as its owner published it. The engine has no guest to run, so what counts of them is what clients read. */
interface Published {
  readonly owner: { readonly id: string; readonly alias?: 'amazon' };
  readonly name: string;
  readonly description: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly root: string;
  readonly createdAt: string;
}

const amazon = { id: '137112412989', alias: 'amazon' } as const;
const ecs = { id: '591542846629', alias: 'amazon' } as const;
const canonical = { id: '099720109477' } as const;

const architectures = ['x86_64', 'arm64'] as const;

/** Amazon Linux 2023 and 2, those for ECS, and Ubuntu LTS. Newer and older ones are not known. */
const published: readonly Published[] = architectures.flatMap((architecture): Published[] => [
  {
    owner: amazon,
    name: `al2023-ami-2023.9.20251117.1-kernel-6.1-${architecture}`,
    description: `Amazon Linux 2023 AMI 2023.9.20251117.1 ${architecture} HVM kernel-6.1`,
    architecture,
    root: '/dev/xvda',
    createdAt: '2025-11-18T00:00:00.000Z',
  },
  {
    owner: amazon,
    name: `amzn2-ami-hvm-2.0.20251110.1-${architecture}-gp2`,
    description: `Amazon Linux 2 AMI 2.0.20251110.1 ${architecture} HVM gp2`,
    architecture,
    root: '/dev/xvda',
    createdAt: '2025-11-11T00:00:00.000Z',
  },
  {
    owner: ecs,
    name: `al2023-ami-ecs-hvm-2023.0.20251120-kernel-6.1-${architecture}`,
    description: `Amazon Linux AMI 2023.0.20251120 ${architecture} ECS HVM EBS`,
    architecture,
    root: '/dev/xvda',
    createdAt: '2025-11-21T00:00:00.000Z',
  },
  {
    owner: ecs,
    name: `amzn2-ami-ecs-hvm-2.0.20251120-${architecture}-ebs`,
    description: `Amazon Linux AMI 2.0.20251120 ${architecture} ECS HVM GP2`,
    architecture,
    root: '/dev/xvda',
    createdAt: '2025-11-21T00:00:00.000Z',
  },
  {
    owner: canonical,
    name: `ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-${architecture === 'x86_64' ? 'amd64' : 'arm64'}-server-20251115`,
    description: 'Canonical, Ubuntu, 24.04 LTS',
    architecture,
    root: '/dev/sda1',
    createdAt: '2025-11-15T00:00:00.000Z',
  },
]);

/** The same image has another id in each region. */
const idOf = (region: string, name: string): string =>
  `ami-0${createHash('sha256').update(`${region}/${name}`).digest('hex').slice(0, 16)}`;

const imageOf = (region: string, { owner, name, description, architecture, root, createdAt }: Published): Image => ({
  ImageId: idOf(region, name),
  Name: name,
  Description: description,
  Architecture: architecture,
  CreationDate: createdAt,
  OwnerId: owner.id,
  ...(owner.alias ? { ImageOwnerAlias: owner.alias } : {}),
  ImageLocation: `${owner.alias ?? owner.id}/${name}`,
  ImageType: 'machine',
  Public: true,
  State: 'available',
  PlatformDetails: 'Linux/UNIX',
  UsageOperation: 'RunInstances',
  RootDeviceType: 'ebs',
  RootDeviceName: root,
  BlockDeviceMappings: [
    { DeviceName: root, Ebs: { DeleteOnTermination: true, Encrypted: false, VolumeSize: 8, VolumeType: 'gp3' } },
  ],
  VirtualizationType: 'hvm',
  Hypervisor: 'xen',
  EnaSupport: true,
  SriovNetSupport: 'simple',
  ImdsSupport: name.startsWith('al2023') ? 'v2.0' : undefined,
  Tags: [],
});

/** Every image of a region. */
export const imagesOf = (region: string): Image[] => published.map((one) => imageOf(region, one));
