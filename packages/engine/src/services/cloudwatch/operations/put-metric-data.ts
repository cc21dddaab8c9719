import type { Context } from '../../../kernel/context.ts';
import type { Handler, Input } from '../../../kernel/operation.ts';
import { invalidCombination, invalidValue, missingParameter } from '../errors.ts';
import { appendSamples, minute_ms, type NewSample } from '../metrics/metric-store.ts';
import { mergeSamples, type Sample, statisticSetSample, valueSample } from '../metrics/sample.ts';
import { hasControlCharacter, requireDimensions, requireUnit } from './metric-input.ts';

type Sdk = typeof import('@aws-sdk/client-cloudwatch');
type PutInput = Input<Sdk, 'PutMetricData'>;
type Datum = NonNullable<PutInput['MetricData']>[number];

const data_max = 1000;
const values_max = 150;
const past_ms = 14 * 24 * 3_600_000;
const future_ms = 2 * 3_600_000;
/** CloudWatch refuses numbers outside of this, and those nearer to zero than 8.515920e-109. */
const magnitude_max = 2 ** 360;

export const putMetricData: Handler<Sdk, 'PutMetricData', Context> = (input, context) => {
  requireNamespace(input.Namespace, context);
  const entityData = input.EntityMetricData?.flatMap(({ MetricData }) => MetricData ?? []) ?? [];
  const data = [...(input.MetricData ?? []), ...entityData];
  if (data.length === 0) throw missingParameter('MetricData');
  if (data.length > data_max)
    throw invalidValue(`The collection MetricData must not have a size greater than ${data_max}.`);

  const samples = data.map((datum, index): NewSample => {
    const path = `MetricData.member.${index + 1}`;
    if (!datum.MetricName) throw missingParameter(`${path}.MetricName`);
    if (hasControlCharacter.test(datum.MetricName))
      throw invalidValue(`The value of parameter ${path}.MetricName has control characters.`);
    const dimensions = requireDimensions(datum.Dimensions, path);
    return { name: datum.MetricName, dimensions, sample: sampleOf(datum, path, context.now) };
  });
  appendSamples(context.store, input.Namespace, samples);
  return {};
};

/** Namespaces of AWS are for AWS's own services. */
function requireNamespace(namespace: string, { caller }: Context): void {
  const refused =
    namespace === '' ||
    namespace.startsWith(':') ||
    namespace.length > 255 ||
    !/^[\w .\-/#:]+$/.test(namespace) ||
    (namespace.startsWith('AWS/') && caller.kind !== 'service');
  if (refused) throw invalidValue(`The value ${namespace} for parameter Namespace is invalid.`);
}

function sampleOf(datum: Datum, path: string, now: number): Sample {
  const resolution = datum.StorageResolution ?? 60;
  if (resolution !== 1 && resolution !== 60)
    throw invalidValue(`The value ${resolution} for parameter ${path}.StorageResolution is invalid.`);
  const time = requireTime(datum.Timestamp?.getTime() ?? now, path, now);
  const step_ms = resolution === 1 ? 1000 : minute_ms;
  const at = Math.floor(time / step_ms) * step_ms;
  const unit = requireUnit(datum.Unit, path) ?? 'None';

  const given = Number(datum.Value !== undefined) + Number(!!datum.StatisticValues) + Number(!!datum.Values);
  if (given === 0) throw missingParameter(`${path}.Value`);
  if (datum.Value !== undefined && datum.StatisticValues)
    throw invalidCombination(
      `The parameters ${path}.Value and ${path}.StatisticValues are mutually exclusive and you have specified both.`,
    );
  if (given > 1)
    throw invalidCombination(
      `The parameters ${path}.Value, ${path}.StatisticValues and ${path}.Values are mutually exclusive and you have specified more than one.`,
    );
  if (datum.StatisticValues) return statisticSet(datum.StatisticValues, { at, unit, path });
  if (datum.Values) return severalValues(datum, { at, unit, path });
  return valueSample(at, unit, requireNumber(datum.Value ?? 0, `${path}.Value`));
}

function requireTime(time: number, path: string, now: number): number {
  if (time < now - past_ms)
    throw invalidValue(`The parameter ${path}.Timestamp must specify a time no more than two weeks in the past.`);
  if (time > now + future_ms)
    throw invalidValue(`The parameter ${path}.Timestamp must specify a time no more than two hours in the future.`);
  return time;
}

interface Place {
  readonly at: number;
  readonly unit: string;
  readonly path: string;
}

function statisticSet(set: NonNullable<Datum['StatisticValues']>, { at, unit, path }: Place): Sample {
  const member = (name: 'SampleCount' | 'Sum' | 'Minimum' | 'Maximum') => {
    const value = set[name];
    if (value === undefined) throw missingParameter(`${path}.StatisticValues.${name}`);
    return requireNumber(value, `${path}.StatisticValues.${name}`);
  };
  const [count, sum, min, max] = [member('SampleCount'), member('Sum'), member('Minimum'), member('Maximum')];
  if (count <= 0) throw invalidValue(`The parameter ${path}.StatisticValues.SampleCount must be greater than 0.`);
  if (min > max)
    throw invalidValue(
      `The parameter ${path}.StatisticValues.Maximum must be greater than ${path}.StatisticValues.Minimum.`,
    );
  return statisticSetSample(at, unit, { count, sum, min, max });
}

function severalValues({ Values = [], Counts }: Datum, { at, unit, path }: Place): Sample {
  if (Values.length === 0) throw missingParameter(`${path}.Values`);
  if (Values.length > values_max)
    throw invalidValue(`The collection ${path}.Values must not have a size greater than ${values_max}.`);
  if (Counts && Counts.length !== Values.length)
    throw invalidValue(`The parameters ${path}.Values and ${path}.Counts must be of the same size.`);
  const samples = Values.map((value, index) => {
    const count = requireNumber(Counts?.[index] ?? 1, `${path}.Counts.member.${index + 1}`);
    if (count <= 0)
      throw invalidValue(`The value ${count} for parameter ${path}.Counts.member.${index + 1} is invalid.`);
    return valueSample(at, unit, requireNumber(value, `${path}.Values.member.${index + 1}`), count);
  });
  const [first, ...others] = samples;
  return mergeSamples(first ?? valueSample(at, unit, 0), ...others);
}

function requireNumber(value: number, parameter: string): number {
  if (!Number.isFinite(value) || Math.abs(value) > magnitude_max)
    throw invalidValue(`The value ${value} for parameter ${parameter} is invalid.`);
  return value;
}
