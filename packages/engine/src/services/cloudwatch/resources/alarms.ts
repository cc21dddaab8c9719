import { toSdkInput } from '../../../cloudformation/casing.ts';
import { type Properties, type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import type { Input } from '../../../kernel/operation.ts';
import { alarmArn } from '../operations/put-alarm.ts';

type Sdk = typeof import('@aws-sdk/client-cloudwatch');
interface AlarmProperties extends Properties {
  readonly AlarmName?: string;
  readonly Tags?: unknown;
}

/** The stack's tags and the alarm's own; PutMetricAlarm takes tags only when it creates. */
function retag(arn: string, properties: AlarmProperties, previous: AlarmProperties, context: ResourceContext): void {
  const tags = context.tags(properties.Tags);
  const gone = context.tags(previous.Tags).flatMap(({ Key }) => (tags.some((tag) => tag.Key === Key) ? [] : [Key]));
  if (gone.length > 0) context.cloudWatch.untagResource({ ResourceARN: arn, TagKeys: gone });
  if (tags.length > 0) context.cloudWatch.tagResource({ ResourceARN: arn, Tags: tags });
}

function alarmResource(put: (name: string, properties: AlarmProperties, context: ResourceContext) => void) {
  return resource<AlarmProperties>({
    create(properties, context) {
      const name = properties.AlarmName ?? context.physicalName({ max: 255 });
      put(name, properties, context);
      return { id: name, attributes: { Arn: alarmArn(context.scope, name) } };
    },
    update(name, properties, previous, context) {
      put(name, properties, context);
      retag(alarmArn(context.scope, name), properties, previous, context);
      return undefined;
    },
    delete: (name, _, { cloudWatch }) => void cloudWatch.deleteAlarms({ AlarmNames: [name] }),
  });
}

/** AWS::CloudWatch::Alarm */
export const alarm = alarmResource((AlarmName, properties, context) => {
  const Tags = context.tags(properties.Tags);
  const input = toSdkInput('cloudWatch', 'PutMetricAlarm', { ...properties, AlarmName, Tags });
  context.cloudWatch.putMetricAlarm(input as Input<Sdk, 'PutMetricAlarm'>);
});

/** AWS::CloudWatch::CompositeAlarm */
export const compositeAlarm = alarmResource((AlarmName, properties, context) => {
  const Tags = context.tags(properties.Tags);
  const input = toSdkInput('cloudWatch', 'PutCompositeAlarm', { ...properties, AlarmName, Tags });
  context.cloudWatch.putCompositeAlarm(input as Input<Sdk, 'PutCompositeAlarm'>);
});
