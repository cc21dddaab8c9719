import { toSdkInput } from '../../../cloudformation/casing.ts';
import { type Properties, resource } from '../../../cloudformation/resource-handler.ts';
import type { Input } from '../handler.ts';
import { ecsTags, retag } from './resource-tags.ts';

interface TaskDefinitionProperties extends Properties {
  readonly Family?: string;
  readonly Tags?: unknown;
}

/** AWS::ECS::TaskDefinition: every change but tags makes a new revision. */
export const taskDefinition = resource<TaskDefinitionProperties>({
  create(properties, context) {
    const { Tags, ...rest } = properties;
    const input = toSdkInput('ecs', 'RegisterTaskDefinition', rest) as Input<'RegisterTaskDefinition'>;
    const { taskDefinition: made } = context.ecs.registerTaskDefinition({
      ...input,
      containerDefinitions: input.containerDefinitions ?? [],
      family: properties.Family ?? context.physicalName({ max: 255 }),
      tags: ecsTags(context, Tags),
    });
    const arn = made?.taskDefinitionArn ?? '';
    return { id: arn, attributes: { TaskDefinitionArn: arn } };
  },
  update(id, properties, _previous, context) {
    retag(id, properties.Tags, context);
    return undefined;
  },
  delete(id, _properties, { ecs }) {
    ecs.deregisterTaskDefinition({ taskDefinition: id });
  },
});
