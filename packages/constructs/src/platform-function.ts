import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig, CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { acceptWildcards } from './accept.ts';
import { functionSource, withBundle } from './bundle.ts';
import { describe } from './describe.ts';

export interface PlatformFunctionSettings {
  /** The folder below `functions/`. */
  readonly source: string;
  readonly functionName: string;
  readonly description: string;
  /** Reaches the function as JSON in `SETTINGS`. */
  readonly settings: object;
  readonly timeout: Duration;
  /** What it may do, besides writing its log. */
  readonly permissions: readonly PolicyStatement[];
  /** Why some of those permissions name no single resource. */
  readonly wildcards: string;
  /** Mailed when it fails. */
  readonly topicArn: string;
  /** Whether no more than one call of it may run. */
  readonly oneAtATime: boolean;
}

/** One of the functions that the platform ships, with its log, its role and an alarm for its failures. */
export class PlatformFunction extends Construct {
  readonly functionArn: string;
  readonly functionName: string;

  constructor(scope: Construct, id: string, settings: PlatformFunctionSettings) {
    super(scope, id);
    const { functionName, description } = settings;
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    describe(logGroup, `what ${functionName} did, and why`);

    const code = withBundle(
      { entry: functionSource(settings.source), outfile: 'index.mjs', external: ['@aws-sdk/*'] },
      (path) => new Asset(this, 'Code', { path }),
    );
    const lambda = new CfnFunction(this, 'Function', {
      functionName,
      description,
      runtime: 'nodejs24.x',
      handler: 'index.handler',
      code: { s3Bucket: code.s3BucketName, s3Key: code.s3ObjectKey },
      role: this.addRole(settings).roleArn,
      loggingConfig: { logGroup: logGroup.logGroupName },
      timeout: settings.timeout.toSeconds(),
      memorySize: 256,
      environment: { variables: { SETTINGS: Stack.of(this).toJsonString(settings.settings) } },
      // One at a time, so that two of them never change the same count. What is turned away comes again.
      ...(settings.oneAtATime && { reservedConcurrentExecutions: 1 }),
    });
    describe(lambda, description);
    const retries = new CfnEventInvokeConfig(this, 'Retries', {
      functionName: lambda.ref,
      qualifier: '$LATEST',
      maximumEventAgeInSeconds: 300,
      maximumRetryAttempts: 2,
    });
    describe(retries, `how often ${functionName} is called again when it fails or is busy`);
    this.functionArn = lambda.attrArn;
    this.functionName = functionName;
    this.addFailureAlarm(settings.topicArn);
  }

  /** Calls the function for every event of the rule. */
  invokeBy(rule: CfnRule): void {
    const permission = new CfnPermission(this, `InvokedBy${rule.node.id}`, {
      action: 'lambda:InvokeFunction',
      functionName: this.functionArn,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    });
    describe(permission, `lets the rule ${rule.node.id} call ${this.functionName}`);
  }

  private addRole({ functionName, permissions, wildcards }: PlatformFunctionSettings): Role {
    const writeLog = new PolicyStatement({
      sid: 'WriteLog',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [Stack.of(this).formatArn({ service: 'logs', resource: `log-group:/aws/lambda/${functionName}:*` })],
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${functionName} may do`,
      inlinePolicies: { own: new PolicyDocument({ statements: [writeLog, ...permissions] }) },
    });
    describe(role, `what ${functionName} may do`);
    acceptWildcards(role, [writeLog, ...permissions], wildcards);
    return role;
  }

  private addFailureAlarm(topicArn: string): void {
    const alarm = new Alarm(this, 'Failures', {
      alarmName: `${this.functionName}-failures`,
      alarmDescription: `${this.functionName} failed; its log group /aws/lambda/${this.functionName} says why`,
      metric: new Metric({
        namespace: 'AWS/Lambda',
        metricName: 'Errors',
        dimensionsMap: { FunctionName: this.functionName },
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction({ bind: () => ({ alarmActionArn: topicArn }) });
    describe(alarm, `mails when ${this.functionName} fails`);
  }
}

/** A rule of EventBridge that calls functions: for events that match the pattern, or at a rate. */
export function addRule(
  scope: Construct,
  id: string,
  settings: {
    readonly name: string;
    readonly description: string;
    readonly on: { readonly pattern: object } | { readonly schedule: string };
    readonly calls: readonly PlatformFunction[];
  },
): CfnRule {
  const rule = new CfnRule(scope, id, {
    name: settings.name,
    description: settings.description,
    state: 'ENABLED',
    ...('pattern' in settings.on
      ? { eventPattern: settings.on.pattern }
      : { scheduleExpression: settings.on.schedule }),
    targets: settings.calls.map(({ functionArn, node }) => ({ id: node.id, arn: functionArn })),
  });
  for (const called of settings.calls) called.invokeBy(rule);
  return describe(rule, settings.description);
}
