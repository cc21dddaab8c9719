import { App, Duration } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { sample, sampleService } from './testing/sample-platform.ts';
import { sampleTemplates } from './testing/templates.ts';

describe('a definition that cannot work is refused with what to do', () => {
  const scaling = sampleService.scaling;
  if (!scaling) throw new Error('the sample service scales');

  test.each([
    {
      case: 'one zone',
      make: () => sampleTemplates({ network: { zones: 1 } }),
      says: /set network.zones to a whole number from 2 to 6/,
    },
    {
      case: 'scaling without metrics',
      make: () => sampleTemplates({}, { metrics: undefined }),
      says: /add metrics: {} to the service/,
    },
    {
      case: 'scaling by a figure that is not published',
      make: () => sampleTemplates({}, { metrics: { names: ['Other'] } }),
      says: /add "LicensesInUse" to metrics.names/,
    },
    {
      case: 'thresholds that cross',
      make: () => sampleTemplates({}, { scaling: { ...scaling, in: { below: 90 } } }),
      says: /set scaling.in.below lower/,
    },
    {
      case: 'fewer than one container',
      make: () => sampleTemplates({}, { scaling: { ...scaling, min: 0 } }),
      says: /1 <= min <= max/,
    },
    {
      case: 'a period that CloudWatch does not have',
      make: () => sampleTemplates({}, { scaling: { ...scaling, out: { above: 80, period: Duration.seconds(45) } } }),
      says: /10, 20 or 30 seconds or whole minutes/,
    },
    {
      case: 'a drain longer than a target can drain',
      make: () => sampleTemplates({}, { drain: { timeout: Duration.hours(2) } }),
      says: /an hour or less/,
    },
    {
      case: 'a name that AWS would refuse',
      make: () => sample(new App()).addService('No Name', sampleService),
      says: /use lower-case letters/,
    },
    {
      case: 'names that are too long together',
      make: () => sample(new App()).addService('x'.repeat(60), sampleService),
      says: /shorten one of them/,
    },
  ])('$case', ({ make, says }) => {
    expect(make).toThrow(says);
  });
});
