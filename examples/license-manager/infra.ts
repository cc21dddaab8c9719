import { join } from 'node:path';
import { ContainerPlatform, input, readInputs, ServiceImage, ServiceSecret } from '@rockpool/constructs';
import { App, Duration } from 'aws-cdk-lib';

const app = new App();

const { alertEmail, maxContainers } = readInputs(app, {
  alertEmail: input.email({ ask: 'Who gets the alarm mails?' }),
  maxContainers: input.integer({ ask: 'How many licence servers may there be at most?', default: 6, min: 1 }),
});

const platform = new ContainerPlatform(app, 'LicenseManager', {
  alerts: { email: alertEmail },
  network: { zones: 2 },
});

platform.addService('license-manager', {
  image: ServiceImage.fromDirectory(join(import.meta.dirname, 'app')),
  port: 8080,
  health: { path: '/health', command: ['CMD', 'node', 'health.mjs'] },
  // Every server signs with the same key, so that a licence checked out at one of them is good at every other.
  secrets: { LM_SIGNING_KEY: ServiceSecret.perDeployment() },
  metrics: { path: '/metrics', every: Duration.seconds(10) },
  scaling: {
    min: 1,
    max: maxContainers,
    metric: 'LicensesInUse',
    out: { above: 80 },
    in: { below: 20 },
  },
  drain: { command: ['lm', 'down'], busy: 'LicensesInUse', timeout: Duration.minutes(5) },
});
