import type { StepAdjustment, StepScalingPolicyConfiguration } from '@aws-sdk/client-application-auto-scaling';
import { validation } from '../errors.ts';

const adjustmentTypes = ['ChangeInCapacity', 'ExactCapacity', 'PercentChangeInCapacity'];

/** Refuses steps that leave a gap, overlap, or do not say where they end. */
export function checkStepPolicy(configuration: StepScalingPolicyConfiguration): void {
  const { AdjustmentType, StepAdjustments = [], Cooldown, MinAdjustmentMagnitude } = configuration;
  if (!AdjustmentType || !adjustmentTypes.includes(AdjustmentType))
    throw validation(`AdjustmentType must be one of ${adjustmentTypes.join(', ')}.`);
  if (StepAdjustments.length === 0) throw validation('At least one StepAdjustment is required.');
  if (StepAdjustments.length > 20) throw validation('There must not be more than 20 step adjustments.');
  if (Cooldown !== undefined && Cooldown < 0) throw validation('Cooldown must not be negative.');
  if (MinAdjustmentMagnitude !== undefined && AdjustmentType !== 'PercentChangeInCapacity')
    throw validation('MinAdjustmentMagnitude is only for PercentChangeInCapacity.');
  for (const { ScalingAdjustment = 0 } of StepAdjustments)
    if (AdjustmentType === 'ExactCapacity' && ScalingAdjustment < 0)
      throw validation('ScalingAdjustment must not be negative for ExactCapacity.');
  checkIntervals(StepAdjustments);
}

const low = ({ MetricIntervalLowerBound }: StepAdjustment) => MetricIntervalLowerBound ?? Number.NEGATIVE_INFINITY;
const high = ({ MetricIntervalUpperBound }: StepAdjustment) => MetricIntervalUpperBound ?? Number.POSITIVE_INFINITY;

function checkIntervals(steps: readonly StepAdjustment[]): void {
  const sorted = steps.toSorted((a, b) => low(a) - low(b));
  for (const step of sorted) {
    if (low(step) === Number.NEGATIVE_INFINITY && high(step) === Number.POSITIVE_INFINITY)
      throw validation('The lower and the upper bound of a step must not both be left out.');
    if (low(step) >= high(step)) throw validation("A step's upper bound must be greater than its lower bound.");
  }
  sorted.forEach((step, index) => {
    const next = sorted[index + 1];
    if (next && low(next) < high(step)) throw validation('StepAdjustment intervals can not overlap.');
    if (next && low(next) > high(step)) throw validation('StepAdjustment intervals can not have gaps between them.');
  });
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first && low(first) < 0 && low(first) !== Number.NEGATIVE_INFINITY)
    throw validation(
      'There must be a StepAdjustment with an unspecified lower bound when one StepAdjustment has a negative lower bound.',
    );
  if (last && high(last) > 0 && high(last) !== Number.POSITIVE_INFINITY)
    throw validation(
      'There must be a StepAdjustment with an unspecified upper bound when one StepAdjustment has a positive upper bound.',
    );
}
