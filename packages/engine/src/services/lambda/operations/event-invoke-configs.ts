import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import { invalidParameter, notFound, notImplemented } from '../errors.ts';
import { parseFunctionName, requireFunction, requireQualifier } from '../function-name.ts';
import { functionArn, type Handler, type In, type InvokeConfig, invokeConfigs, qualifiedKey } from '../model.ts';
import { invalidMarker } from './revision.ts';

type Wanted = In<'PutFunctionEventInvokeConfig'>;

/** Sets all; what is left out gets its default. */
export const putFunctionEventInvokeConfig: Handler<'PutFunctionEventInvokeConfig'> = (input, context) =>
  write(context, input, {});

/** Sets what is given; what is left out stays. */
export const updateFunctionEventInvokeConfig: Handler<'UpdateFunctionEventInvokeConfig'> = (input, context) =>
  write(context, input, requireConfig(context, input));

function write(context: Context, input: Wanted, before: Partial<InvokeConfig>) {
  const { name, qualifier, key } = placeOf(context, input);
  const { MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: age_s, DestinationConfig: destinations } = input;
  if (retries !== undefined && !(retries >= 0 && retries <= 2))
    throw invalidParameter(
      `Value '${retries}' at 'maximumRetryAttempts' failed to satisfy constraint: Member must have value between 0 and 2`,
    );
  if (age_s !== undefined && !(age_s >= 60 && age_s <= 21_600))
    throw invalidParameter(
      `Value '${age_s}' at 'maximumEventAgeInSeconds' failed to satisfy constraint: Member must have value between 60 and 21600`,
    );
  for (const destination of [destinations?.OnFailure?.Destination, destinations?.OnSuccess?.Destination])
    if (destination) checkDestination(destination);
  const settings = Object.fromEntries(
    Object.entries({
      MaximumRetryAttempts: retries,
      MaximumEventAgeInSeconds: age_s,
      DestinationConfig: destinations,
    }).filter(([, value]) => value !== undefined),
  );
  return shown(
    context.store.table(invokeConfigs).put(key, {
      ...before,
      ...settings,
      functionName: name,
      qualifier,
      FunctionArn: `${functionArn(context, name)}:${qualifier}`,
      LastModified: new Date(context.now),
    }),
  );
}

const destinationKinds = ['sns', 'lambda', 'events'];

function checkDestination(arn: string): void {
  const [prefix, , service = ''] = arn.split(':');
  if (prefix !== 'arn')
    throw invalidParameter(
      `The provided destination config DestinationConfig(onSuccess=null, onFailure=OnFailure(destination=${arn})) is invalid.`,
    );
  if (!destinationKinds.includes(service)) throw notImplemented(`lambda: a destination in ${service}`);
}

const shown = ({ functionName: _, qualifier: __, ...config }: InvokeConfig) => config;

function placeOf(
  context: Context,
  { FunctionName, Qualifier }: { FunctionName: string; Qualifier?: string | undefined },
) {
  const parsed = parseFunctionName(FunctionName, Qualifier);
  const qualifier = requireQualifier(context, parsed);
  return { name: parsed.name, qualifier, key: qualifiedKey(parsed.name, qualifier) };
}

function requireConfig(
  context: Context,
  named: { FunctionName: string; Qualifier?: string | undefined },
): InvokeConfig {
  const { name, qualifier, key } = placeOf(context, named);
  const config = context.store.table(invokeConfigs).get(key);
  if (!config)
    throw notFound(`The function ${functionArn(context, name)}:${qualifier} doesn't have an EventInvokeConfig`);
  return config;
}

export const getFunctionEventInvokeConfig: Handler<'GetFunctionEventInvokeConfig'> = (input, context) =>
  shown(requireConfig(context, input));

export const deleteFunctionEventInvokeConfig: Handler<'DeleteFunctionEventInvokeConfig'> = (input, context) => {
  const { functionName, qualifier } = requireConfig(context, input);
  context.store.table(invokeConfigs).delete(qualifiedKey(functionName, qualifier));
  return {};
};

export const listFunctionEventInvokeConfigs: Handler<'ListFunctionEventInvokeConfigs'> = (input, context) => {
  const { name } = requireFunction(context, input.FunctionName);
  const all = context.store.table(invokeConfigs).by('function', name);
  const { items, nextToken } = page(all, {
    token: input.Marker,
    size: Math.min(input.MaxItems ?? 50, 50),
    invalid: invalidMarker,
  });
  return { FunctionEventInvokeConfigs: items.map(shown), ...(nextToken ? { NextMarker: nextToken } : {}) };
};
