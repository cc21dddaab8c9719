import { AwsError } from '../../../kernel/aws-error.ts';
import { onePage, passes } from '../filters.ts';
import { instanceType, instanceTypes } from '../instance-types.ts';
import type { Handler } from '../model.ts';
import { zoneNames } from './zones.ts';

export const describeInstanceTypes: Handler<'DescribeInstanceTypes'> = (input) => {
  const { InstanceTypes = [], Filters } = input;
  const missing = InstanceTypes.filter((type) => !instanceType(type));
  if (missing.length > 0)
    throw new AwsError(
      'InvalidInstanceType',
      `The following supplied instance types do not exist: [${missing.join(', ')}]`,
    );
  const found = instanceTypes().filter(
    ({ InstanceType = '' }) => InstanceTypes.length === 0 || InstanceTypes.some((wanted) => wanted === InstanceType),
  );
  const { rows, ...rest } = onePage(
    found.filter((type) => passes(type, Filters)),
    input,
  );
  return { InstanceTypes: rows, ...rest };
};

/** Every type is offered in every zone. */
export const describeInstanceTypeOfferings: Handler<'DescribeInstanceTypeOfferings'> = (input, { scope }) => {
  const { LocationType = 'region', Filters } = input;
  const places = LocationType === 'availability-zone' ? zoneNames(scope.region) : [scope.region];
  const offerings = instanceTypes().flatMap(({ InstanceType }) =>
    places.map((Location) => ({ InstanceType, LocationType, Location })),
  );
  const found = offerings.filter((offering) => passes(offering, Filters));
  const { rows, ...rest } = onePage(found, input);
  return { InstanceTypeOfferings: rows, ...rest };
};
