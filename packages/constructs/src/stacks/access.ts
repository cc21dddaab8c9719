import { CfnParameter } from 'aws-cdk-lib';
import { PolicyStatement, type PolicyStatementProps, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { accept, acceptWildcards } from '../accept.ts';
import { Concern } from '../concern.ts';
import { describe } from '../describe.ts';
import { pascalCase, type ServiceNames } from '../names.ts';
import type { ServiceSecret } from '../service-secret.ts';

export interface AccessSettings {
  readonly names: ServiceNames;
  readonly logGroupName: string;
  /** The namespace that its sidecar may publish in. */
  readonly namespace: string | undefined;
  readonly secrets: Readonly<Record<string, ServiceSecret>>;
  readonly filesArn: string;
  readonly searchArn: string | undefined;
}

/** What the containers of one service may do: one role to be started with, and one for the application. */
export class AccessStack extends Concern {
  /** Pulls the image and writes the logs. */
  readonly executionRole: Role;
  /** The application's own. Grant it what the application needs. */
  readonly taskRole: Role;
  /** The ARNs of the parameters that hold the secrets, by environment variable. */
  readonly secretArns: Readonly<Record<string, string>>;

  constructor(scope: Construct, settings: AccessSettings) {
    const { names, filesArn, searchArn } = settings;
    super(scope, 'Access', {
      logicalId: `${pascalCase(names.service)}Access`,
      description: `What the containers of ${names.service} may do`,
      parameters: { FilesArn: filesArn, ...(searchArn !== undefined && { SearchArn: searchArn }) },
    });
    this.executionRole = this.addRole('ExecutionRole', `Starts the containers of ${names.service}`);
    this.taskRole = this.addRole('TaskRole', `What the application ${names.service} may do`);
    this.secretArns = this.addSecrets(names, settings.secrets);

    const stream = this.formatArn({ service: 'logs', resource: `log-group:${settings.logGroupName}:*` });
    this.allow(this.executionRole, 'the log streams of one group, whose names are made by ECS', [
      { sid: 'WriteLogs', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [stream] },
    ]);
    accept(this.executionRole, { 'AwsSolutions-IAM5[Resource::*]': 'GetAuthorizationToken knows no resource' });
    this.allow(this.taskRole, 'the session channels know no resource', [openSessions]);
    this.allow(this.taskRole, 'the objects of one bucket', files(this.parameter('FilesArn')));
    if (settings.namespace !== undefined) this.allowMetrics(settings.namespace);
    if (searchArn !== undefined) {
      this.allow(this.taskRole, 'the indexes of one domain', [
        { sid: 'Search', actions: searching, resources: [`${this.parameter('SearchArn')}/*`] },
      ]);
    }
  }

  private addRole(id: string, description: string): Role {
    const assumedBy = new ServicePrincipal('ecs-tasks.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': this.account },
        ArnLike: { 'aws:SourceArn': this.formatArn({ service: 'ecs', resource: '*' }) },
      },
    });
    return describe(new Role(this, id, { assumedBy, description }), description);
  }

  private parameter(name: string): string {
    return new CfnParameter(this, name, { type: 'String' }).valueAsString;
  }

  private allow(role: Role, wildcards: string, permissions: readonly PolicyStatementProps[]): void {
    const statements = permissions.map((permission) => new PolicyStatement(permission));
    for (const statement of statements) role.addToPolicy(statement);
    acceptWildcards(role, statements, wildcards);
  }

  private allowMetrics(namespace: string): void {
    this.allow(this.taskRole, 'PutMetricData knows no resource; it is limited to one namespace', [
      {
        sid: 'PublishMetrics',
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': namespace } },
      },
    ]);
  }

  private addSecrets(names: ServiceNames, secrets: AccessSettings['secrets']): Record<string, string> {
    const path = `/rockpool/${names.cluster}/${names.service}-secrets`;
    const bound = Object.entries(secrets).map(([variable, secret]) => [
      variable,
      secret.bind(this, { variable, path }),
    ]);
    const arns: Record<string, string> = Object.fromEntries(bound);
    if (bound.length > 0) {
      this.executionRole.addToPolicy(
        new PolicyStatement({ sid: 'ReadSecrets', actions: ['ssm:GetParameters'], resources: Object.values(arns) }),
      );
    }
    return arns;
  }
}

// ECS Exec: the agent inside the task opens the channels that ExecuteCommand talks through.
const openSessions: PolicyStatementProps = {
  sid: 'OpenSessions',
  actions: [
    'ssmmessages:CreateControlChannel',
    'ssmmessages:CreateDataChannel',
    'ssmmessages:OpenControlChannel',
    'ssmmessages:OpenDataChannel',
  ],
  resources: ['*'],
};

const files = (bucketArn: string): PolicyStatementProps[] => [
  { sid: 'ListFiles', actions: ['s3:ListBucket'], resources: [bucketArn] },
  {
    sid: 'UseFiles',
    actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
    resources: [`${bucketArn}/*`],
  },
];

const searching = ['es:ESHttpGet', 'es:ESHttpHead', 'es:ESHttpPost', 'es:ESHttpPut', 'es:ESHttpDelete'];
