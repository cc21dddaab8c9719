import type { InstanceStateChange, InstanceStateName } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { describe, onePage } from '../filters.ts';
import { enterState } from '../instance-state.ts';
import { type Handler, type In, type Instance, instances, networkInterfaces, volumes } from '../model.ts';
import { changeInterface, groupsNamed } from './interface-attributes.ts';
import { requireInstance, shownInstance } from './run-instances.ts';

export const describeInstances: Handler<'DescribeInstances'> = (input, context) => {
  const ids = { wanted: input.InstanceIds, code: 'InvalidInstanceID', kind: 'instance' };
  const named = input.Filters?.map((filter) => ({ ...filter, Name: filterNames[filter.Name ?? ''] ?? filter.Name }));
  const { rows, ...rest } = describe(context, instances, { ...input, Filters: named }, ids);
  const reservations = Map.groupBy(rows, ({ reservationId }) => reservationId);
  return {
    Reservations: [...reservations].map(([ReservationId, own]) => ({
      ReservationId,
      OwnerId: context.scope.account,
      Groups: [],
      Instances: own.map(shownInstance),
    })),
    ...rest,
  };
};

const filterNames: Readonly<Record<string, string>> = {
  'instance-state-name': 'state.name',
  'instance-state-code': 'state.code',
  'availability-zone': 'placement.availability-zone',
  'ip-address': 'public-ip-address',
  'instance.group-id': 'security-groups.group-id',
};

const includesAll = ['running'];

export const describeInstanceStatus: Handler<'DescribeInstanceStatus'> = (input, context) => {
  for (const id of input.InstanceIds ?? []) requireInstance(context, id);
  const found = context.store
    .table(instances)
    .list(({ InstanceId }) => !input.InstanceIds?.length || input.InstanceIds.includes(InstanceId))
    .filter(({ State }) => input.IncludeAllInstances || includesAll.includes(State.Name ?? ''));
  const { rows, ...rest } = onePage(found, input);
  return {
    ...rest,
    InstanceStatuses: rows.map(({ InstanceId, Placement, State }) => {
      const Status = State.Name === 'running' ? 'ok' : 'not-applicable';
      return {
        ...{ InstanceId, AvailabilityZone: Placement?.AvailabilityZone, InstanceState: State, Events: [] },
        ...{ InstanceStatus: { Status, Details: [] }, SystemStatus: { Status, Details: [] } },
      };
    }),
  };
};

/** Moves instances from states in which that can be asked for; in those that lead there already nothing happens. */
function change(
  ids: readonly string[],
  to: InstanceStateName,
  {
    from,
    fine,
    reason = '',
  }: { from: readonly InstanceStateName[]; fine: readonly InstanceStateName[]; reason?: string },
  context: Context,
): InstanceStateChange[] {
  const found = ids.map((id) => requireInstance(context, id));
  for (const { InstanceId, State } of found)
    if (![...from, ...fine].includes(State.Name ?? 'terminated'))
      throw new AwsError(
        'IncorrectInstanceState',
        `The instance '${InstanceId}' is not in a state from which it can be ${to === 'pending' ? 'started' : 'stopped'}.`,
      );
  return found.map(({ InstanceId, State }) =>
    from.includes(State.Name ?? 'terminated')
      ? enterState(context, InstanceId, to, reason)
      : { InstanceId, CurrentState: State, PreviousState: State },
  );
}

const asked = (context: Context): string =>
  `User initiated (${new Date(context.now).toISOString().slice(0, 19).replace('T', ' ')} GMT)`;

export const startInstances: Handler<'StartInstances'> = ({ InstanceIds }, context) => ({
  StartingInstances: change(InstanceIds, 'pending', { from: ['stopped'], fine: ['pending', 'running'] }, context),
});

export const stopInstances: Handler<'StopInstances'> = ({ InstanceIds }, context) => {
  for (const id of InstanceIds)
    if (requireInstance(context, id).stopProtected)
      throw new AwsError(
        'OperationNotPermitted',
        `The instance '${id}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
      );
  const reason = asked(context);
  return {
    StoppingInstances: change(
      InstanceIds,
      'stopping',
      { from: ['running', 'pending'], fine: ['stopping', 'stopped'], reason },
      context,
    ),
  };
};

export const terminateInstances: Handler<'TerminateInstances'> = ({ InstanceIds }, context) => {
  for (const id of InstanceIds)
    if (requireInstance(context, id).terminationProtected)
      throw new AwsError(
        'OperationNotPermitted',
        `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
      );
  const from = ['pending', 'running', 'stopping', 'stopped'] as const;
  return {
    TerminatingInstances: change(
      InstanceIds,
      'shutting-down',
      { from, fine: ['shutting-down', 'terminated'], reason: asked(context) },
      context,
    ),
  };
};

/** The instance stays what it is; nothing in it would notice. */
export const rebootInstances: Handler<'RebootInstances'> = ({ InstanceIds }, context) => {
  for (const id of InstanceIds) requireInstance(context, id);
  return {};
};

export const describeInstanceAttribute: Handler<'DescribeInstanceAttribute'> = ({ InstanceId, Attribute }, context) => {
  const instance = requireInstance(context, InstanceId);
  const values: Readonly<Record<string, object>> = {
    disableApiTermination: { DisableApiTermination: { Value: instance.terminationProtected } },
    disableApiStop: { DisableApiStop: { Value: instance.stopProtected } },
    instanceInitiatedShutdownBehavior: { InstanceInitiatedShutdownBehavior: { Value: instance.shutdownBehavior } },
    userData: { UserData: instance.userData === undefined ? {} : { Value: instance.userData } },
    instanceType: { InstanceType: { Value: instance.InstanceType } },
    ebsOptimized: { EbsOptimized: { Value: instance.EbsOptimized } },
    sourceDestCheck: { SourceDestCheck: { Value: instance.SourceDestCheck } },
    groupSet: { Groups: instance.SecurityGroups },
    rootDeviceName: { RootDeviceName: { Value: instance.RootDeviceName } },
    blockDeviceMapping: { BlockDeviceMappings: instance.BlockDeviceMappings },
    enclaveOptions: { EnclaveOptions: instance.EnclaveOptions },
    productCodes: { ProductCodes: [] },
    sriovNetSupport: { SriovNetSupport: { Value: 'simple' } },
    kernel: { KernelId: {} },
    ramdisk: { RamdiskId: {} },
    enaSupport: { EnaSupport: { Value: instance.EnaSupport } },
  };
  return { InstanceId, ...values[Attribute] };
};

/** Nothing runs in an instance, so nothing has been printed. */
export const getConsoleOutput: Handler<'GetConsoleOutput'> = ({ InstanceId }, context) => {
  const { LaunchTime } = requireInstance(context, InstanceId);
  return { InstanceId, Timestamp: LaunchTime };
};

const needsStop = (what: string, id: string) =>
  new AwsError(
    'IncorrectInstanceState',
    `The instance '${id}' is not in the 'stopped' state. Its ${what} can only be changed then.`,
  );

export const modifyInstanceAttribute: Handler<'ModifyInstanceAttribute'> = (input, context) => {
  const instance = requireInstance(context, input.InstanceId);
  const isStopped = instance.State.Name === 'stopped';
  const type = input.InstanceType?.Value ?? (input.Attribute === 'instanceType' ? input.Value : undefined);
  if (type && type !== instance.InstanceType && !isStopped) throw needsStop('type', instance.InstanceId);
  if (input.UserData && !isStopped) throw needsStop('user data', instance.InstanceId);
  changePrimary(input, instance, context);
  const changed: Instance = {
    ...requireInstance(context, instance.InstanceId),
    ...(type ? { InstanceType: type as NonNullable<Instance['InstanceType']> } : {}),
    ...(input.UserData?.Value ? { userData: Buffer.from(input.UserData.Value).toString('utf8') } : {}),
    ...(input.EbsOptimized?.Value === undefined ? {} : { EbsOptimized: input.EbsOptimized.Value }),
    terminationProtected: input.DisableApiTermination?.Value ?? instance.terminationProtected,
    stopProtected: input.DisableApiStop?.Value ?? instance.stopProtected,
    shutdownBehavior:
      (input.InstanceInitiatedShutdownBehavior?.Value as Instance['shutdownBehavior'] | undefined) ??
      instance.shutdownBehavior,
  };
  context.store.table(instances).put(instance.InstanceId, changed);
  for (const { DeviceName, Ebs } of input.BlockDeviceMappings ?? [])
    keepOrNot(context, instance, DeviceName, Ebs?.DeleteOnTermination);
  return {};
};

/** Groups and the check of addresses are those of the primary interface. */
function changePrimary(
  { Groups, SourceDestCheck }: In<'ModifyInstanceAttribute'>,
  { NetworkInterfaces: [primary] = [] }: Instance,
  context: Context,
): void {
  const eni = context.store.table(networkInterfaces).get(primary?.NetworkInterfaceId ?? '');
  if (!eni) return;
  changeInterface(context, eni, {
    ...(Groups ? { Groups: groupsNamed(context, Groups) } : {}),
    ...(SourceDestCheck?.Value === undefined ? {} : { SourceDestCheck: SourceDestCheck.Value }),
  });
}

function keepOrNot(
  context: Context,
  { InstanceId }: Instance,
  device: string | undefined,
  deleteOnTermination: boolean | undefined,
): void {
  if (deleteOnTermination === undefined) return;
  const table = context.store.table(volumes);
  for (const volume of table.list(({ Attachments = [] }) =>
    Attachments.some((one) => one.InstanceId === InstanceId && one.Device === device),
  ))
    table.put(volume.VolumeId, {
      ...volume,
      Attachments: volume.Attachments?.map((one) => ({ ...one, DeleteOnTermination: deleteOnTermination })),
    });
}

export const modifyInstanceMetadataOptions: Handler<'ModifyInstanceMetadataOptions'> = (
  { InstanceId, DryRun: _, ...options },
  context,
) => {
  const instance = requireInstance(context, InstanceId);
  const MetadataOptions = { ...instance.MetadataOptions, ...options };
  context.store.table(instances).put(InstanceId, { ...instance, MetadataOptions });
  return { InstanceId, InstanceMetadataOptions: MetadataOptions };
};

export const describeInstanceCreditSpecifications: Handler<'DescribeInstanceCreditSpecifications'> = (
  input,
  context,
) => {
  const { InstanceIds = [] } = input;
  const found = InstanceIds.map((id) => requireInstance(context, id)).flatMap(({ InstanceId, cpuCredits }) =>
    cpuCredits ? [{ InstanceId, CpuCredits: cpuCredits }] : [],
  );
  const { rows, ...rest } = onePage(found, input);
  return { InstanceCreditSpecifications: rows, ...rest };
};
