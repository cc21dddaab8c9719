import type { CapacityProvider, CapacityProviderStrategyItem } from '@aws-sdk/client-ecs';
import type { Context } from '../../../kernel/context.ts';
import { ecsArn, nameOf } from '../arns.ts';
import { invalidParameter } from '../errors.ts';
import type { Handler } from '../handler.ts';
import { page } from '../pages.ts';

/** The two that every account has; those of Auto Scaling groups need instances, which are not here yet. */
const fargateProviders = ['FARGATE', 'FARGATE_SPOT'];

export const describeCapacityProviders: Handler<'DescribeCapacityProviders'> = (input, context) => {
  const { items: names, ...rest } = page(input.capacityProviders ?? fargateProviders, input, 10);
  return {
    ...rest,
    capacityProviders: names.flatMap((name) => (isFargate(nameOf(name)) ? [describe(context, nameOf(name))] : [])),
    failures: names
      .filter((name) => !isFargate(nameOf(name)))
      .map((name) => ({ arn: ecsArn(context.scope, 'capacity-provider', nameOf(name)), reason: 'MISSING' })),
  };
};

const isFargate = (name: string) => fargateProviders.includes(name);

const describe = ({ scope }: Context, name: string): CapacityProvider => ({
  capacityProviderArn: ecsArn(scope, 'capacity-provider', name),
  name,
  status: 'ACTIVE',
  type: name === 'FARGATE' ? 'FARGATE' : 'FARGATE_SPOT',
  tags: [],
});

/** A cluster can only name providers that are there, and its default strategy only those it names. */
export function checkCapacityProviders(
  providers: readonly string[],
  strategy: readonly CapacityProviderStrategyItem[],
): void {
  for (const provider of providers)
    if (!isFargate(nameOf(provider)))
      throw invalidParameter(
        `The specified capacity provider '${provider}' was not found. Specify a valid name or ARN and try again.`,
      );
  checkStrategy(strategy);
  for (const { capacityProvider = '' } of strategy)
    if (!providers.includes(capacityProvider))
      throw invalidParameter(
        `The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster and try again.`,
      );
}

/** What holds for every strategy: at most one base, weights that place something. */
export function checkStrategy(strategy: readonly CapacityProviderStrategyItem[]): void {
  if (strategy.filter(({ base = 0 }) => base > 0).length > 1)
    throw invalidParameter(
      'The specified capacity provider strategy cannot contain more than one capacity provider with a base value.',
    );
  if (strategy.length > 1 && strategy.every(({ weight = 0 }) => weight === 0))
    throw invalidParameter('At least one capacity provider in the strategy must have a weight value greater than 0.');
  for (const { capacityProvider = '' } of strategy)
    if (!isFargate(nameOf(capacityProvider)))
      throw invalidParameter(
        `The specified capacity provider '${capacityProvider}' was not found. Specify a valid name or ARN and try again.`,
      );
}
