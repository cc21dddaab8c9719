import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { serviceNames } from './names.ts';
import { resolveSettings, type ServiceSettings } from './service-settings.ts';
import { AccessStack } from './stacks/access.ts';
import type { ClusterStack } from './stacks/cluster.ts';
import type { LoadBalancerStack } from './stacks/load-balancer.ts';
import { MonitoringStack } from './stacks/monitoring.ts';
import type { NetworkStack } from './stacks/network.ts';
import { RegistryStack } from './stacks/registry.ts';
import { ScalingStack } from './stacks/scaling.ts';
import { ServiceStack } from './stacks/service.ts';

/** The stacks that all services of a platform share. */
export interface SharedStacks {
  readonly platformName: string;
  /** Where figures are published unless a service says otherwise. */
  readonly namespace: string;
  readonly topicArn: string;
  /** Whether each function is called once at a time. */
  readonly oneCallAtATime: boolean;
  readonly filesArn: string;
  readonly searchArn: string | undefined;
  readonly network: NetworkStack;
  readonly cluster: ClusterStack;
  readonly loadBalancer: LoadBalancerStack;
  readonly environment: Readonly<Record<string, string>>;
}

/** One service of a platform. Its stacks are its own, so that a change of one service touches no other. */
export class ContainerService extends Construct {
  readonly serviceName: string;
  readonly dashboardName: string;
  /** What the application may do. Grant it what it needs: `bucket.grantRead(service.taskRole)`. */
  readonly taskRole: IRole;

  constructor(
    scope: Construct,
    serviceName: string,
    { position, ...given }: ServiceSettings & { readonly position: number },
    shared: SharedStacks,
  ) {
    super(scope, serviceName);
    const settings = resolveSettings(given, shared.namespace);
    const names = serviceNames(shared.platformName, serviceName);
    const logGroupName = `/rockpool/${names.cluster}/${names.service}`;
    const { network, loadBalancer, topicArn, oneCallAtATime } = shared;
    const { clusterName, clusterArn } = shared.cluster;

    const registry = new RegistryStack(this, names);
    const access = new AccessStack(this, {
      names,
      logGroupName,
      namespace: settings.metrics?.namespace,
      secrets: settings.secrets ?? {},
      filesArn: shared.filesArn,
      searchArn: shared.searchArn,
    });
    const monitoring = new MonitoringStack(this, settings, {
      names,
      clusterArn,
      topicArn,
      oneCallAtATime,
      loadBalancer: loadBalancer.fullName,
    });
    const service = new ServiceStack(this, settings, {
      names,
      clusterName,
      network,
      loadBalancer,
      access,
      registry,
      logGroupName,
      priority: settings.route.priority ?? position * 10,
      environment: shared.environment,
    });
    // The first container finds somebody who gives it its alarms, and the last one somebody who takes them away.
    service.addStackDependency(monitoring);
    if (settings.scaling)
      new ScalingStack(this, settings, settings.scaling, { names, clusterArn, topicArn, oneCallAtATime, service });

    this.serviceName = serviceName;
    this.dashboardName = monitoring.dashboardName;
    this.taskRole = access.taskRole;
  }
}
