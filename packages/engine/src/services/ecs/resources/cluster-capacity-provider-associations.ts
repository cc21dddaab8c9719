import { toSdkInput } from '../../../cloudformation/casing.ts';
import { type Properties, resource } from '../../../cloudformation/resource-handler.ts';
import type { Input } from '../handler.ts';

interface AssociationProperties extends Properties {
  readonly Cluster: string;
}

const inputOf = (properties: AssociationProperties) =>
  toSdkInput('ecs', 'PutClusterCapacityProviders', properties) as Input<'PutClusterCapacityProviders'>;

/** AWS::ECS::ClusterCapacityProviderAssociations */
export const clusterCapacityProviderAssociations = resource<AssociationProperties>({
  create(properties, { ecs }) {
    ecs.putClusterCapacityProviders(inputOf(properties));
    return { id: properties.Cluster };
  },
  update(_id, properties, _previous, { ecs }) {
    ecs.putClusterCapacityProviders(inputOf(properties));
    return undefined;
  },
  delete(id, _properties, { ecs }) {
    const [known] = ecs.describeClusters({ clusters: [id] }).clusters ?? [];
    if (known?.status !== 'ACTIVE') return;
    ecs.putClusterCapacityProviders({ cluster: id, capacityProviders: [], defaultCapacityProviderStrategy: [] });
  },
});
