import type { CapacityProviderStrategyItem, ClusterSetting } from '@aws-sdk/client-ecs';
import { toSdkInput } from '../../../cloudformation/casing.ts';
import { type Properties, resource } from '../../../cloudformation/resource-handler.ts';
import type { Input } from '../handler.ts';
import { ecsTags, retag } from './resource-tags.ts';

interface ClusterProperties extends Properties {
  readonly ClusterName?: string;
  readonly CapacityProviders?: string[];
  readonly Tags?: unknown;
}

/** What CloudFormation calls otherwise than the API. */
function settingsOf(properties: ClusterProperties): Pick<
  Input<'CreateCluster'>,
  'settings' | 'configuration' | 'serviceConnectDefaults'
> & {
  defaultCapacityProviderStrategy?: CapacityProviderStrategyItem[];
} {
  const { ClusterSettings, Tags: _, ...rest } = properties;
  return toSdkInput('ecs', 'CreateCluster', { ...rest, ...(ClusterSettings ? { Settings: ClusterSettings } : {}) });
}

/** AWS::ECS::Cluster */
export const cluster = resource<ClusterProperties>({
  create(properties, context) {
    const clusterName = properties.ClusterName ?? context.physicalName({ max: 255 });
    const { cluster } = context.ecs.createCluster({
      ...settingsOf(properties),
      clusterName,
      tags: ecsTags(context, properties.Tags),
    });
    return { id: clusterName, attributes: { Arn: cluster?.clusterArn } };
  },
  update(id, properties, _previous, context) {
    const { settings, configuration, serviceConnectDefaults, defaultCapacityProviderStrategy } = settingsOf(properties);
    const reset: ClusterSetting[] = [{ name: 'containerInsights', value: 'disabled' }];
    const { cluster } = context.ecs.updateCluster({
      cluster: id,
      settings: settings ?? reset,
      ...(configuration ? { configuration } : {}),
      ...(serviceConnectDefaults ? { serviceConnectDefaults } : {}),
    });
    if (properties.CapacityProviders)
      context.ecs.putClusterCapacityProviders({
        cluster: id,
        capacityProviders: properties.CapacityProviders,
        defaultCapacityProviderStrategy: defaultCapacityProviderStrategy ?? [],
      });
    retag(cluster?.clusterArn ?? '', properties.Tags, context);
    return undefined;
  },
  delete(id, _properties, { ecs }) {
    const [known] = ecs.describeClusters({ clusters: [id] }).clusters ?? [];
    if (known?.status === 'ACTIVE') ecs.deleteCluster({ cluster: id });
  },
});
