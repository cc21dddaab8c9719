import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { resourceLab } from '../../testing/resource-lab.ts';
import { eventBridge } from '../eventbridge/index.ts';
import { iam } from '../iam/index.ts';
import { ssm } from '../ssm/index.ts';
import { ec2 } from './index.ts';

function world() {
  const lab = startLab({ services: () => [ec2(), ssm(), iam(), eventBridge()] });
  const VpcId = lab.ec2.createVpc({ CidrBlock: '10.0.0.0/16' }).Vpc?.VpcId ?? '';
  const { Subnet } = lab.ec2.createSubnet({ VpcId, CidrBlock: '10.0.0.0/24' });
  const Name = '/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id';
  const ImageId = lab.ssm.getParameter({ Name }).Parameter?.Value;
  const LaunchTemplateData = { ImageId, InstanceType: 't3.small' as const, UserData: 'aGVsbG8=' };
  const LaunchTemplateId =
    lab.ec2.createLaunchTemplate({ LaunchTemplateName: 'web', LaunchTemplateData, VersionDescription: 'first' })
      .LaunchTemplate?.LaunchTemplateId ?? '';
  const versions = (...Versions: string[]) =>
    lab.ec2
      .describeLaunchTemplateVersions({ LaunchTemplateId, ...(Versions.length ? { Versions } : {}) })
      .LaunchTemplateVersions?.map(({ VersionNumber, DefaultVersion }) => [VersionNumber, DefaultVersion]);
  const run = (more: object) =>
    lab.ec2.runInstances({ MinCount: 1, MaxCount: 1, SubnetId: Subnet?.SubnetId, ...more }).Instances?.[0];
  return { lab, LaunchTemplateId, LaunchTemplateData, versions, run };
}

test('a template has versions, one of them the default; a new one may begin as another', () => {
  const { lab, LaunchTemplateId, LaunchTemplateData, versions } = world();
  const made = lab.ec2.createLaunchTemplateVersion({
    ...{ LaunchTemplateId, SourceVersion: '1', VersionDescription: 'second' },
    LaunchTemplateData: { InstanceType: 't3.large' },
  }).LaunchTemplateVersion;
  expect(made).toMatchObject({
    ...{ VersionNumber: 2, DefaultVersion: false, VersionDescription: 'second', LaunchTemplateName: 'web' },
    LaunchTemplateData: { ...LaunchTemplateData, InstanceType: 't3.large' },
  });
  lab.ec2.createLaunchTemplateVersion({ LaunchTemplateName: 'web', LaunchTemplateData: { KeyName: 'me' } });
  expect(versions()).toEqual([
    [3, false],
    [2, false],
    [1, true],
  ]);
  expect(versions('$Latest', '$Default')).toEqual([
    [3, false],
    [1, true],
  ]);
  expect(lab.ec2.modifyLaunchTemplate({ LaunchTemplateId, DefaultVersion: '2' }).LaunchTemplate).toMatchObject({
    ...{ DefaultVersionNumber: 2, LatestVersionNumber: 3 },
  });
  expect(versions('$Default')).toEqual([[2, true]]);
  expect(() => versions('9')).toThrow(
    `Could not find the specified version 9 for the launch template with ID ${LaunchTemplateId}.`,
  );
  const Filters = [{ Name: 'instance-type', Values: ['t3.large'] }];
  expect(lab.ec2.describeLaunchTemplateVersions({ LaunchTemplateId, Filters }).LaunchTemplateVersions).toHaveLength(1);
});

test('versions are deleted one by one, the default one is not, and no number is given twice', () => {
  const { lab, LaunchTemplateId, LaunchTemplateData, versions } = world();
  lab.ec2.createLaunchTemplateVersion({ LaunchTemplateId, LaunchTemplateData });
  expect(lab.ec2.deleteLaunchTemplateVersions({ LaunchTemplateId, Versions: ['1', '2', '7'] })).toMatchObject({
    SuccessfullyDeletedLaunchTemplateVersions: [{ VersionNumber: 2 }],
    UnsuccessfullyDeletedLaunchTemplateVersions: [
      { VersionNumber: 1, ResponseError: { Code: 'unexpectedError' } },
      { VersionNumber: 7, ResponseError: { Code: 'launchTemplateVersionDoesNotExist' } },
    ],
  });
  expect(lab.ec2.describeLaunchTemplates({}).LaunchTemplates).toMatchObject([{ LatestVersionNumber: 1 }]);
  lab.ec2.createLaunchTemplateVersion({ LaunchTemplateId, LaunchTemplateData });
  expect(versions()).toEqual([
    [3, false],
    [1, true],
  ]);
  lab.ec2.deleteLaunchTemplate({ LaunchTemplateName: 'web' });
  expect(lab.ec2.describeLaunchTemplates({}).LaunchTemplates).toEqual([]);
});

test('an instance is started from a template, and what the request says counts more', () => {
  const { lab, LaunchTemplateId, run } = world();
  lab.ec2.createLaunchTemplateVersion({
    ...{ LaunchTemplateId, SourceVersion: '1' },
    LaunchTemplateData: {
      InstanceType: 't3.large',
      DisableApiTermination: true,
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'two' }] }],
    },
  });
  expect(run({ LaunchTemplate: { LaunchTemplateName: 'web' } })).toMatchObject({ InstanceType: 't3.small' });
  const instance = run({ LaunchTemplate: { LaunchTemplateId, Version: '$Latest' } });
  expect(instance).toMatchObject({
    InstanceType: 't3.large',
    Tags: [
      { Key: 'Name', Value: 'two' },
      { Key: 'aws:ec2launchtemplate:id', Value: LaunchTemplateId },
      { Key: 'aws:ec2launchtemplate:version', Value: '2' },
    ],
  });
  const { InstanceId = '' } = instance ?? {};
  expect(() => lab.ec2.terminateInstances({ InstanceIds: [InstanceId] })).toThrow('may not be terminated');
  expect(lab.ec2.describeInstanceAttribute({ InstanceId, Attribute: 'userData' }).UserData?.Value).toBe('aGVsbG8=');
  const LaunchTemplate = { LaunchTemplateId, Version: '2' };
  expect(run({ LaunchTemplate, InstanceType: 't3.micro' })?.InstanceType).toBe('t3.micro');
  expect(lab.ec2.getLaunchTemplateData({ InstanceId }).LaunchTemplateData).toMatchObject({
    ...{ InstanceType: 't3.large', UserData: 'aGVsbG8=', DisableApiTermination: true },
    BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8, VolumeType: 'gp3' } }],
  });
});

test.each([
  [{ LaunchTemplateId: 'lt-0' }, 'InvalidLaunchTemplateId.NotFound'],
  [{ LaunchTemplateName: 'nobody' }, 'InvalidLaunchTemplateName.NotFoundException'],
  [{ LaunchTemplateName: 'web', Version: '4' }, 'InvalidLaunchTemplateId.VersionNotFound'],
  [{ LaunchTemplateId: 'lt-0', LaunchTemplateName: 'web' }, 'InvalidParameterCombination'],
  [{}, 'MissingParameter'],
])('an instance of the template %j is refused', (LaunchTemplate, code) => {
  const { run } = world();
  expect(() => run({ LaunchTemplate })).toThrow(expect.objectContaining({ code }));
});

test('a name is taken once, and is no sentence', () => {
  const { lab, LaunchTemplateData, run } = world();
  const create = (LaunchTemplateName: string) =>
    lab.ec2.createLaunchTemplate({ LaunchTemplateName, LaunchTemplateData });
  expect(() => create('web')).toThrow('Launch template name already in use.');
  expect(() => create('a web')).toThrow(
    expect.objectContaining({ code: 'InvalidLaunchTemplateName.MalformedException' }),
  );
  const interfaces = { NetworkInterfaces: [{ DeviceIndex: 0 }] };
  expect(() => run({ ...LaunchTemplateData, ...interfaces })).toThrow(
    'Network interfaces and an instance-level subnet ID may not be specified on the same request',
  );
});

test('AWS::EC2::LaunchTemplate writes a version with every change of what it starts', () => {
  const { lab, LaunchTemplateData } = world();
  const resource = resourceLab(lab, 'AWS::EC2::LaunchTemplate');
  const tagged = (Value: string) => [{ ResourceType: 'launch-template', Tags: [{ Key: 'Name', Value }] }];
  const first = { LaunchTemplateName: 'stack', LaunchTemplateData, TagSpecifications: tagged('one') };
  const { id, attributes } = resource.create(first);
  expect(attributes).toEqual({ LaunchTemplateId: id, DefaultVersionNumber: '1', LatestVersionNumber: '1' });
  const found = () => lab.ec2.describeLaunchTemplates({ LaunchTemplateNames: ['stack'] }).LaunchTemplates?.[0];
  const second = { ...first, TagSpecifications: tagged('two') };
  resource.update(id, second, first);
  expect(found()).toMatchObject({
    LatestVersionNumber: 1,
    Tags: expect.arrayContaining([{ Key: 'Name', Value: 'two' }]),
  });
  resource.update(id, { ...second, LaunchTemplateData: { ImageId: LaunchTemplateData.ImageId } }, second);
  expect(found()).toMatchObject({ LatestVersionNumber: 2, DefaultVersionNumber: 1 });
  resource.delete(id, second);
  expect(() => found()).toThrow('At least one of the launch templates specified in the request does not exist.');
});
