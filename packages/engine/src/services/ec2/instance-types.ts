import type { InstanceTypeInfo } from '@aws-sdk/client-ec2';

/** Processors and MiB of the sizes of a family. */
type Sizes = Readonly<Record<string, readonly [cpus: number, memory_mib: number]>>;

const general: Sizes = {
  medium: [1, 4096],
  large: [2, 8192],
  xlarge: [4, 16_384],
  '2xlarge': [8, 32_768],
  '4xlarge': [16, 65_536],
};
const compute: Sizes = {
  medium: [1, 2048],
  large: [2, 4096],
  xlarge: [4, 8192],
  '2xlarge': [8, 16_384],
  '4xlarge': [16, 32_768],
};
const burstable: Sizes = {
  ...{ nano: [2, 512], micro: [2, 1024], small: [2, 2048], medium: [2, 4096] },
  ...{ large: [2, 8192], xlarge: [4, 16_384], '2xlarge': [8, 32_768] },
};
const old: Sizes = {
  nano: [1, 512],
  micro: [1, 1024],
  small: [1, 2048],
  medium: [2, 4096],
  large: [2, 8192],
  xlarge: [4, 16_384],
};

/** What RunInstances starts where no type is asked for is of this generation. */
const first: Sizes = { small: [1, 1740], medium: [1, 3840], large: [2, 7680], xlarge: [4, 15_360] };

interface Family {
  readonly sizes: Sizes;
  readonly architecture: 'x86_64' | 'arm64';
  readonly burstable: boolean;
}

/** Source: https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html and co.html. Other families are not known here. */
const families: Readonly<Record<string, Family>> = {
  m1: { sizes: first, architecture: 'x86_64', burstable: false },
  t2: { sizes: old, architecture: 'x86_64', burstable: true },
  t3: { sizes: burstable, architecture: 'x86_64', burstable: true },
  t3a: { sizes: burstable, architecture: 'x86_64', burstable: true },
  t4g: { sizes: burstable, architecture: 'arm64', burstable: true },
  m5: { sizes: general, architecture: 'x86_64', burstable: false },
  m6i: { sizes: general, architecture: 'x86_64', burstable: false },
  m7i: { sizes: general, architecture: 'x86_64', burstable: false },
  m7g: { sizes: general, architecture: 'arm64', burstable: false },
  c5: { sizes: compute, architecture: 'x86_64', burstable: false },
  c6i: { sizes: compute, architecture: 'x86_64', burstable: false },
  c7g: { sizes: compute, architecture: 'arm64', burstable: false },
};

const infoOf = (
  type: string,
  [cpus, memory]: readonly [number, number],
  { architecture, burstable }: Family,
): InstanceTypeInfo => ({
  InstanceType: type as InstanceTypeInfo['InstanceType'],
  CurrentGeneration: true,
  SupportedUsageClasses: ['on-demand', 'spot'],
  SupportedRootDeviceTypes: ['ebs'],
  SupportedVirtualizationTypes: ['hvm'],
  BareMetal: false,
  ProcessorInfo: { SupportedArchitectures: [architecture] },
  VCpuInfo: {
    DefaultVCpus: cpus,
    DefaultCores: Math.max(1, cpus / 2),
    DefaultThreadsPerCore: architecture === 'arm64' ? 1 : 2,
  },
  MemoryInfo: { SizeInMiB: memory },
  InstanceStorageSupported: false,
  BurstablePerformanceSupported: burstable,
  HibernationSupported: false,
});

const known: ReadonlyMap<string, InstanceTypeInfo> = new Map(
  Object.entries(families).flatMap(([family, about]) =>
    Object.entries(about.sizes).map(
      ([size, shape]) => [`${family}.${size}`, infoOf(`${family}.${size}`, shape, about)] as const,
    ),
  ),
);

export const instanceTypes = (): InstanceTypeInfo[] => [...known.values()];
export const instanceType = (type: string): InstanceTypeInfo | undefined => known.get(type);
