import { join } from 'node:path';
import { ContainerPlatform, input, readInputs, ServiceImage } from '@rockpool/constructs';
import { App, CfnResource, Duration, NestedStack, Stack } from 'aws-cdk-lib';

// An app with the mistake that `-c mistake=` names, for the tests of what is said about it.

const app = new App();
const mistake = String(app.node.tryGetContext('mistake'));

if (mistake === 'does-not-synthesise') throw new Error('the name of the queue is not known');

if (mistake === 'missing-input') readInputs(app, { alertEmail: input.email({ ask: 'Who gets the alarm mails?' }) });

if (mistake === 'unknown-property') {
  const stack = new NestedStack(new Stack(app, 'Faulty'), 'Alerts');
  new CfnResource(stack, 'Topic', { type: 'AWS::SNS::Topic', properties: { DisplayNaem: 'Alerts' } });
}

if (mistake === 'without-command' || mistake === 'unhealthy') {
  const platform = new ContainerPlatform(app, 'Faulty', { alerts: { email: 'ops@example.com' } });
  platform.addService('web', {
    image: ServiceImage.fromDirectory(join(import.meta.dirname, mistake)),
    port: 8080,
    health: { path: '/health', grace: Duration.seconds(1) },
  });
}
