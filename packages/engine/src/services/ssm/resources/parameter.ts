import type { ParameterTier, ParameterType } from '@aws-sdk/client-ssm';
import { resource } from '../../../cloudformation/resource-handler.ts';

interface ParameterProperties {
  readonly Name?: string;
  readonly Type: ParameterType;
  readonly Value: string;
  readonly Description?: string;
  readonly AllowedPattern?: string;
  readonly DataType?: string;
  readonly Tier?: ParameterTier;
  readonly Policies?: string;
  /** A map here, unlike the list that nearly every other type has. */
  readonly Tags?: Readonly<Record<string, string>>;
}

/** AWS::SSM::Parameter. `Ref` is the name. */
export const parameter = resource<ParameterProperties>({
  create({ Name, Tags, ...properties }, context) {
    // `CFN-<logical id>-<random>`: unlike other types, without the stack's name.
    const name = Name ?? context.physicalName({ max: 200 }).replace(context.stackName, 'CFN');
    const tags = Object.entries(Tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
    context.ssm.putParameter({ ...properties, Name: name, Tags: context.tags(tags) });
    return { id: name, attributes: { Type: properties.Type, Value: properties.Value } };
  },

  update(name, { Name: _name, Tags = {}, ...properties }, { Tags: before = {} }, context) {
    context.ssm.putParameter({ ...properties, Name: name, Overwrite: true });
    const place = { ResourceType: 'Parameter', ResourceId: name } as const;
    const gone = Object.keys(before).filter((key) => !(key in Tags));
    if (gone.length > 0) context.ssm.removeTagsFromResource({ ...place, TagKeys: gone });
    const tags = Object.entries(Tags).map(([Key, Value]) => ({ Key, Value }));
    context.ssm.addTagsToResource({ ...place, Tags: context.tags(tags) });
    return { Type: properties.Type, Value: properties.Value };
  },

  delete(name, _properties, { ssm }) {
    // A parameter that somebody else has deleted is gone all the same.
    ssm.deleteParameters({ Names: [name] });
  },
});
