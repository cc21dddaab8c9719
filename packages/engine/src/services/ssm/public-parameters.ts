import type { Parameter } from '@aws-sdk/client-ssm';
import type { Context } from '../../kernel/context.ts';
import { asService } from '../../kernel/create-context.ts';

/** Which image a public parameter names: the newest of an owner whose name is like this. */
interface Naming {
  readonly owner: string;
  readonly like: string;
}

const amazon = '137112412989';
const ecs = '591542846629';
const latest = '/aws/service/ami-amazon-linux-latest/';
const optimized = '/aws/service/ecs/optimized-ami/';

/** Sources: https://docs.aws.amazon.com/linux/al2023/ug/ec2.html and https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html */
const images: Readonly<Record<string, Naming>> = {
  [`${latest}al2023-ami-kernel-default-x86_64`]: { owner: amazon, like: 'al2023-ami-2023.*-x86_64' },
  [`${latest}al2023-ami-kernel-6.1-x86_64`]: { owner: amazon, like: 'al2023-ami-2023.*-kernel-6.1-x86_64' },
  [`${latest}al2023-ami-kernel-default-arm64`]: { owner: amazon, like: 'al2023-ami-2023.*-arm64' },
  [`${latest}al2023-ami-kernel-6.1-arm64`]: { owner: amazon, like: 'al2023-ami-2023.*-kernel-6.1-arm64' },
  [`${latest}amzn2-ami-hvm-x86_64-gp2`]: { owner: amazon, like: 'amzn2-ami-hvm-*-x86_64-gp2' },
  [`${latest}amzn2-ami-hvm-arm64-gp2`]: { owner: amazon, like: 'amzn2-ami-hvm-*-arm64-gp2' },
  [`${optimized}amazon-linux-2023/recommended`]: { owner: ecs, like: 'al2023-ami-ecs-hvm-*-x86_64' },
  [`${optimized}amazon-linux-2023/arm64/recommended`]: { owner: ecs, like: 'al2023-ami-ecs-hvm-*-arm64' },
  [`${optimized}amazon-linux-2/recommended`]: { owner: ecs, like: 'amzn2-ami-ecs-hvm-*-x86_64-ebs' },
  [`${optimized}amazon-linux-2/arm64/recommended`]: { owner: ecs, like: 'amzn2-ami-ecs-hvm-*-arm64-ebs' },
};

/** A parameter that AWS keeps for everybody; undefined where there is none of that name. */
export function publicParameter(name: string, context: Context): Parameter | undefined {
  const ofId = name.replace(/\/image_id$/, '');
  const naming = images[ofId];
  if (!naming) return undefined;
  const { Images = [] } = asService(context, 'ssm').ec2.describeImages({
    Owners: [naming.owner],
    Filters: [{ Name: 'name', Values: [naming.like] }],
  });
  const [newest] = Images.sort((a, b) => (b.CreationDate ?? '').localeCompare(a.CreationDate ?? ''));
  if (!newest) return undefined;
  const isWhole = ofId.startsWith(optimized) && name === ofId;
  return {
    Name: name,
    Type: 'String',
    Value: isWhole
      ? JSON.stringify({ schema_version: 1, image_name: newest.Name, image_id: newest.ImageId, os: newest.Description })
      : newest.ImageId,
    Version: 1,
    LastModifiedDate: new Date(newest.CreationDate ?? 0),
    ARN: `arn:aws:ssm:${context.scope.region}::parameter${name}`,
    DataType: ofId.startsWith(latest) ? 'aws:ec2:image' : 'text',
  };
}
