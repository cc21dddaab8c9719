import { CfnOutput, type Environment, Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ContainerService } from './container-service.ts';
import { DefinitionError } from './definition-error.ts';
import { kebabCase, pascalCase, requireNames } from './names.ts';
import type { ServiceSettings } from './service-settings.ts';
import { type AlertSettings, AlertsStack } from './stacks/alerts.ts';
import { ClusterStack } from './stacks/cluster.ts';
import { type LoadBalancerSettings, LoadBalancerStack } from './stacks/load-balancer.ts';
import { type NetworkSettings, NetworkStack } from './stacks/network.ts';
import { type SearchSettings, SearchStack } from './stacks/search.ts';
import { StorageStack } from './stacks/storage.ts';

export interface PlatformSettings {
  /** Who is told what the platform does. */
  readonly alerts: AlertSettings;
  readonly network?: NetworkSettings;
  readonly loadBalancer?: LoadBalancerSettings;
  readonly storage?: { readonly keep?: boolean };
  /** A search domain for logs and documents. Billed by the hour, so there is none unless asked for. */
  readonly search?: SearchSettings;
  /**
   * Whether the platform's functions are called one at a time, which AWS ensures by reserving concurrency. Default true.
   * A new account may have no more than ten calls at once and none to reserve: ask for a higher quota, or set false and
   * accept that a mail may come twice.
   */
  readonly reserveConcurrency?: boolean;
  /** Account and region, when they are to be fixed here. */
  readonly env?: Environment;
}

/**
 * A container platform as one stack of nested stacks, one per concern, each feeding the next. It is an ordinary CDK
 * stack: what it synthesises can be deployed by any tool that deploys CDK apps.
 */
export class ContainerPlatform extends Stack {
  /** Also the name of the ECS cluster. */
  readonly platformName: string;
  readonly network: NetworkStack;
  readonly storage: StorageStack;
  readonly search: SearchStack | undefined;
  private readonly alerts: AlertsStack;
  private readonly cluster: ClusterStack;
  private readonly loadBalancer: LoadBalancerStack;
  private readonly oneCallAtATime: boolean;
  private readonly services: ContainerService[] = [];

  constructor(scope: Construct, id: string, settings: PlatformSettings) {
    super(scope, id, {
      ...(settings.env && { env: settings.env }),
      description: `The container platform ${kebabCase(id)}`,
      // Both would make the template depend on which tool synthesises it.
      analyticsReporting: false,
    });
    this.node.setContext('aws:cdk:enable-path-metadata', true);
    this.platformName = kebabCase(this.stackName);
    if (!/^[a-z]/.test(this.platformName)) {
      throw new DefinitionError('InvalidPlatformName', `"${id}" cannot be the name of a platform`, [
        'begin it with a letter: LicenseManager',
      ]);
    }
    const { loadBalancer = {}, reserveConcurrency = true } = settings;
    this.oneCallAtATime = reserveConcurrency;
    this.alerts = new AlertsStack(this, settings.alerts);
    this.network = new NetworkStack(this, settings.network);
    this.storage = new StorageStack(this, { ...settings.storage, accessLogs: loadBalancer.accessLogs ?? false });
    this.search = settings.search && new SearchStack(this, settings.search, this.network);
    this.cluster = new ClusterStack(this, { name: this.platformName });
    this.loadBalancer = new LoadBalancerStack(this, loadBalancer, {
      vpcId: this.network.vpcId,
      subnetIds: this.network.publicSubnetIds,
      logBucketName: loadBalancer.accessLogs ? this.storage.files.bucketName : undefined,
    });
    this.tag(this, 'rockpool:platform', this.platformName);
    new CfnOutput(this, 'Address', { value: this.loadBalancer.url, description: 'Where the services answer' });
    new CfnOutput(this, 'ClusterName', { value: this.cluster.clusterName, description: 'The ECS cluster' });
    new CfnOutput(this, 'FilesBucket', { value: this.storage.files.bucketName, description: 'The files' });
    new CfnOutput(this, 'AlertsTopic', { value: this.alerts.topicArn, description: 'What all mails go through' });
  }

  /** Adds a service. Its name is also that of the ECS service. */
  addService(name: string, settings: ServiceSettings): ContainerService {
    requireNames(this.platformName, name);
    const service = new ContainerService(
      this,
      name,
      { ...settings, position: this.services.length + 1 },
      {
        platformName: this.platformName,
        namespace: pascalCase(this.platformName),
        topicArn: this.alerts.topicArn,
        oneCallAtATime: this.oneCallAtATime,
        filesArn: this.storage.files.bucketArn,
        searchArn: this.search?.domainArn,
        network: this.network,
        cluster: this.cluster,
        loadBalancer: this.loadBalancer,
        environment: {
          FILES_BUCKET: this.storage.files.bucketName,
          ...(this.search && { SEARCH_ENDPOINT: this.search.endpoint }),
        },
      },
    );
    this.tag(service, 'rockpool:service', name);
    new CfnOutput(this, `${pascalCase(name)}Dashboard`, {
      value: service.dashboardName,
      description: `The dashboard of ${name}`,
    });
    this.services.push(service);
    return service;
  }

  private tag(part: Construct, key: string, value: string): void {
    Tags.of(part).add(key, value, { excludeResourceTypes: untaggable });
  }
}

// The CDK tags these too, but not every published schema of CloudFormation knows the property yet.
const untaggable = [
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::CloudWatch::Dashboard',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::ListenerRule',
];
