import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { accept } from '../accept.ts';
import { Concern } from '../concern.ts';
import { describe } from '../describe.ts';

export interface StorageSettings {
  /** Keep the bucket when the platform is destroyed. Default false: it goes if it is empty, and stops the deletion if not. */
  readonly keep?: boolean;
  /** Make the bucket able to take the load balancer's access logs, below `access-logs/`. */
  readonly accessLogs: boolean;
}

/** The files of the platform: configuration, licence files and, where asked for, access logs. */
export class StorageStack extends Concern {
  readonly files: Bucket;

  constructor(scope: Construct, { keep = false, accessLogs }: StorageSettings) {
    super(scope, 'Storage', { logicalId: 'Storage', description: 'The files of the platform' });
    this.files = new Bucket(this, 'Files', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      // S3 refuses to delete a bucket that holds objects, so a deletion can fail but never lose a file.
      removalPolicy: keep ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      lifecycleRules: accessLogs ? [{ prefix: 'access-logs/', expiration: Duration.days(90) }] : [],
    });
    describe(this.files, 'configuration and licence files');
    accept(this.files, {
      'AwsSolutions-S1':
        'it is read by the containers of this platform only; access logs of it would need another bucket',
    });
    if (accessLogs) this.admitAccessLogs();
  }

  private admitAccessLogs(): void {
    this.files.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LoadBalancerMayLog',
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [this.files.arnForObjects(`access-logs/AWSLogs/${this.account}/*`)],
      }),
    );
  }
}
