import { AwsError } from '../../../kernel/aws-error.ts';
import { passes } from '../filters.ts';
import { instanceType, instanceTypes } from '../instance-types.ts';
import type { Handler } from '../model.ts';
import { zoneNames } from './zones.ts';

export const describeInstanceTypes: Handler<'DescribeInstanceTypes'> = ({ InstanceTypes = [], Filters }) => {
  const missing = InstanceTypes.filter((type) => !instanceType(type));
  if (missing.length > 0)
    throw new AwsError(
      'InvalidInstanceType',
      `The following supplied instance types do not exist: [${missing.join(', ')}]`,
    );
  const found = instanceTypes().filter(
    ({ InstanceType = '' }) => InstanceTypes.length === 0 || InstanceTypes.some((wanted) => wanted === InstanceType),
  );
  return { InstanceTypes: found.filter((type) => passes(type, Filters)) };
};

/** Every type is offered in every zone. */
export const describeInstanceTypeOfferings: Handler<'DescribeInstanceTypeOfferings'> = (
  { LocationType = 'region', Filters },
  { scope },
) => {
  const places = LocationType === 'availability-zone' ? zoneNames(scope.region) : [scope.region];
  const offerings = instanceTypes().flatMap(({ InstanceType }) =>
    places.map((Location) => ({ InstanceType, LocationType, Location })),
  );
  return { InstanceTypeOfferings: offerings.filter((offering) => passes(offering, Filters)) };
};
