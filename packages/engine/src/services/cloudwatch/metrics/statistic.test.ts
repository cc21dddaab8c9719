import { expect, test } from 'vitest';
import { mergeAll, mergeSamples, type Sample, statisticSetSample, valueSample } from './sample.ts';
import { enoughSamples, findStatistic } from './statistic.ts';

const of = (...values: number[]) => mergeAll(values.map((value) => valueSample(0, 'None', value))) as Sample;
const oneToHundred = of(...Array.from({ length: 100 }, (_, index) => index + 1));

test.each([
  ['SampleCount', 100],
  ['Sum', 5050],
  ['Average', 50.5],
  ['Minimum', 1],
  ['Maximum', 100],
  ['p0', 1],
  ['p50', 50],
  ['p99', 99],
  ['p99.9', 100],
  ['p100', 100],
  ['tm90', 45.5],
  ['TM(10%:90%)', 50.5],
  ['TM(:95%)', 48],
  ['TM(80:100)', 90.5],
  ['TC(80:100)', 20],
  ['tc90', 90],
  ['TS(80%:)', 1810],
  ['ts10', 55],
  ['IQM', 50.5],
  ['PR(:30)', 30],
  ['PR(30:40)', 10],
  ['WM(10%:90%)', 50.5],
  ['wm90', (4095 + 10 * 90) / 100],
])('%s of 1 to 100 is %d', (name, expected) => {
  expect(findStatistic(name)?.(oneToHundred)).toBeCloseTo(expected, 9);
});

test.each(['p101', 'median', 'tm', 'TM(:)', 'TM(10%:90)', 'pp99', ''])('there is no statistic %j', (name) => {
  expect(findStatistic(name)).toBeUndefined();
});

test('a statistic set tells no percentile, unless all its values are one', () => {
  const set = statisticSetSample(0, 'None', { count: 4, sum: 10, min: 1, max: 4 });
  expect(findStatistic('p50')?.(set)).toBeUndefined();
  expect(findStatistic('Average')?.(set)).toBe(2.5);
  expect(findStatistic('p50')?.(mergeSamples(set, valueSample(0, 'None', 3)))).toBeUndefined();
  expect(findStatistic('p50')?.(statisticSetSample(0, 'None', { count: 3, sum: 6, min: 2, max: 2 }))).toBe(2);
});

test('negative values have no percentiles', () => {
  expect(findStatistic('p50')?.(of(-1, 2, 3))).toBeUndefined();
});

test('very many distinct values are kept rounded, in bounded space', () => {
  const many = of(...Array.from({ length: 5000 }, (_, index) => index + 1));
  expect(many.values?.length).toBeLessThanOrEqual(200);
  const p90 = findStatistic('p90')?.(many) ?? 0;
  expect(Math.abs(p90 - 4500) / 4500).toBeLessThan(0.05);
  expect(findStatistic('Sum')?.(many)).toBe((5000 * 5001) / 2);
});

test.each([
  ['p99', 1000],
  ['p50', 20],
  ['p10', 100],
  ['Average', undefined],
])('%s needs %s samples', (name, expected) => {
  const needed = enoughSamples(name);
  if (expected === undefined) expect(needed).toBeUndefined();
  else expect(needed).toBeCloseTo(expected);
});
