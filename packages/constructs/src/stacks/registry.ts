import { RemovalPolicy } from 'aws-cdk-lib';
import { Repository, RepositoryEncryption, TagMutability } from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';
import { Concern } from '../concern.ts';
import { describe } from '../describe.ts';
import { pascalCase, type ServiceNames } from '../names.ts';

/** Where the releases of one service are kept. */
export class RegistryStack extends Concern {
  readonly repository: Repository;

  constructor(scope: Construct, { cluster, service }: ServiceNames) {
    super(scope, 'Registry', {
      logicalId: `${pascalCase(service)}Registry`,
      description: `The image repository of ${service}`,
    });
    this.repository = new Repository(this, 'Repository', {
      repositoryName: `${cluster}/${service}`,
      imageTagMutability: TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      encryption: RepositoryEncryption.AES_256,
      lifecycleRules: [{ description: 'keeps the newest 50 releases', maxImageCount: 50 }],
      // ECR refuses to delete a repository that still holds images, so nothing is lost by accident.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    describe(this.repository, `keeps the released images of ${service}`);
  }
}
