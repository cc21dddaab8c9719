import { App, CfnOutput, NestedStack, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ARecord, HostedZone, PublicHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';

// What the tests of the CDK CLI deploy. They say with their environment what is to be another way.
const { WORDS = 'one', FUNCTION = 'function', BREAK, LOOK_UP } = process.env;
const app = new App();
const env = { account: '000000000000', region: 'us-east-1' };

const base = new Stack(app, 'Base', { env });
new Vpc(base, 'Network', { vpcName: 'base', maxAzs: 2, natGateways: 0 });
new PublicHostedZone(base, 'Domain', { zoneName: 'base.example.com' });
const bucket = new Bucket(base, 'Files', {
  autoDeleteObjects: true,
  removalPolicy: RemovalPolicy.DESTROY,
  versioned: true,
});
new StringParameter(base, 'Words', { parameterName: '/base/words', stringValue: WORDS });
new LambdaFunction(base, 'Speaker', {
  functionName: 'speaker',
  runtime: Runtime.NODEJS_22_X,
  handler: 'index.handler',
  code: Code.fromAsset(FUNCTION),
});
new Topic(new NestedStack(base, 'Inner'), 'News', { topicName: 'news' });
// A value that SSM refuses only when it is asked: the stack has begun by then.
if (BREAK) new StringParameter(base, 'Broken', { parameterName: '/base/words', stringValue: 'taken' });
new CfnOutput(base, 'FilesName', { value: bucket.bucketName });

if (LOOK_UP) {
  const found = new Stack(app, 'Found', { env });
  const network = Vpc.fromLookup(found, 'Network', { vpcName: 'base' });
  new CfnOutput(found, 'Subnets', { value: network.publicSubnets.map(({ subnetId }) => subnetId).join() });
  const zone = HostedZone.fromLookup(found, 'Domain', { domainName: 'base.example.com' });
  new ARecord(found, 'Shop', { zone, recordName: 'shop', target: RecordTarget.fromIpAddresses('192.0.2.1') });
  const validation = CertificateValidation.fromDns(zone);
  const certificate = new Certificate(found, 'Certificate', { domainName: 'shop.base.example.com', validation });
  new CfnOutput(found, 'CertificateArn', { value: certificate.certificateArn });
  new StringParameter(found, 'Copy', {
    parameterName: '/found/copy',
    stringValue: StringParameter.valueFromLookup(found, '/base/words'),
  });
}
