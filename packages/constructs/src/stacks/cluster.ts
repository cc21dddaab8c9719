import { CfnCluster } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { Concern } from '../concern.ts';
import { describe } from '../describe.ts';

/** The ECS cluster that the services run in, on Fargate. */
export class ClusterStack extends Concern {
  /** Refers to the cluster, so that whoever uses it is made after it. */
  readonly clusterName: string;
  readonly clusterArn: string;

  constructor(scope: Construct, { name }: { readonly name: string }) {
    super(scope, 'Cluster', { logicalId: 'Cluster', description: 'The cluster that the containers run in' });
    const cluster = new CfnCluster(this, 'Cluster', {
      clusterName: name,
      clusterSettings: [{ name: 'containerInsights', value: 'enabled' }],
    });
    describe(cluster, 'runs the containers of the platform');
    this.clusterName = cluster.ref;
    this.clusterArn = cluster.attrArn;
  }
}
