/** The moto whose gaps these are. */
export const judgedVersion = '5.2.1';

interface Verdict {
  /** FAILED: moto's own code ends with an error, and there is no stack. CREATE_IN_PROGRESS: it ends in the middle. */
  readonly status: 'CREATE_COMPLETE' | 'CREATE_IN_PROGRESS' | 'FAILED';
  /** Types that are in the template and not on moto. */
  readonly lacks: readonly string[];
}

const whole: Verdict = { status: 'CREATE_COMPLETE', lacks: [] };
const without = (...lacks: string[]): Verdict => ({ ...whole, lacks });

/** How each nested stack of the licence manager ends on a moto server. docs/second-judge.md tells of it. */
export const gapsOfMoto: Readonly<Record<string, Verdict>> = {
  Network: whole,
  Cluster: whole,
  LoadBalancer: whole,
  Registry: whole,
  Alerts: without('AWS::SNS::Subscription', 'AWS::SNS::TopicPolicy'),
  Storage: without('AWS::S3::BucketPolicy'),
  Service: without('AWS::EC2::SecurityGroupEgress'),
  // moto reads the tags of an SSM parameter as a list; CloudFormation has them as a map, and it ends with a TypeError.
  Access: { status: 'FAILED', lacks: ['AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::SSM::Parameter'] },
  // It has no AWS::CloudWatch::Alarm, and refuses who asks for its ARN.
  Monitoring: {
    status: 'CREATE_IN_PROGRESS',
    lacks: [
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::Dashboard',
      'AWS::Events::Rule',
      'AWS::IAM::Role',
      'AWS::Lambda::EventInvokeConfig',
      'AWS::Lambda::Function',
      'AWS::Lambda::Permission',
      'AWS::Logs::LogGroup',
    ],
  },
  // The same.
  Scaling: {
    status: 'CREATE_IN_PROGRESS',
    lacks: [
      'AWS::ApplicationAutoScaling::ScalableTarget',
      'AWS::CloudWatch::Alarm',
      'AWS::Events::Rule',
      'AWS::IAM::Role',
      'AWS::Lambda::EventInvokeConfig',
      'AWS::Lambda::Function',
      'AWS::Lambda::Permission',
      'AWS::Logs::LogGroup',
      'AWS::SSM::Parameter',
    ],
  },
};
