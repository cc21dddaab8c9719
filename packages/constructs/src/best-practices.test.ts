import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import type { PlatformSettings } from './container-platform.ts';
import { sample } from './testing/sample-platform.ts';

interface Report {
  readonly pluginReports: readonly { readonly violations: readonly { readonly ruleName: string }[] }[];
}

/** The rules of cdk-nag's AwsSolutions pack that a platform breaks without a reason. */
function violations(settings: Partial<PlatformSettings>, addTo?: (app: App) => void): string[] {
  const outdir = mkdtempSync(join(tmpdir(), 'rockpool-nag-'));
  try {
    const app = new App({
      outdir,
      builtinCloudFormationValidation: false,
      context: { '@aws-cdk/core:failSynthOnValidationErrors': false },
    });
    sample(app, settings);
    addTo?.(app);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    app.synth();
    const report: Report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
    return report.pluginReports.flatMap((plugin) => plugin.violations.map(({ ruleName }) => ruleName));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

test.each<{ case: string; settings: Partial<PlatformSettings> }>([
  { case: 'as it is', settings: {} },
  {
    case: 'with all that can be asked for',
    settings: {
      search: { instances: 2 },
      network: { egress: 'nat', flowLogs: true, zones: 3 },
      loadBalancer: { accessLogs: true, certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/1' },
    },
  },
  { case: 'without a way to the internet', settings: { network: { egress: 'endpoints' }, search: {} } },
])('a platform $case keeps to the best practices, or says why not', ({ settings }) => {
  expect(violations(settings)).toEqual([]);
});

test('what is not accepted is found', () => {
  const careless = (app: App) => {
    const [platform] = app.node.children;
    if (platform) new Bucket(platform, 'Careless');
  };
  expect(violations({}, careless)).toContain('AwsSolutions-S1');
});
