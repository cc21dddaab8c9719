import { type Progress, type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import { validationError } from '../errors.ts';
import type { Ports } from '../ports.ts';
import { waitHandles, waitings } from '../signals/model.ts';
import { planWaiting } from '../signals/plan-waiting.ts';
import { newSecret, placeOfUrl, signedAddress } from '../signed-address.ts';

const handleKey = ({ stackId, logicalId }: ResourceContext): string => `${stackId}/${logicalId}`;

/** AWS::CloudFormation::WaitConditionHandle: an address to signal to. Also what an otherwise empty template holds. */
export const waitConditionHandle = (ports: Ports) =>
  resource({
    create(_properties, context) {
      const [key, secret] = [handleKey(context), newSecret(context)];
      context.store.table(waitHandles).put(key, { secret, signals: [] });
      return { id: signedAddress(context, ports, { kind: 'waitcondition', key, secret }) };
    },
    delete: (_id, _properties, context) => context.store.table(waitHandles).delete(handleKey(context)),
  });

interface Props {
  readonly Handle?: string;
  readonly Timeout?: string;
  readonly Count?: number;
}

const timeout_s_max = 43_200;

/** AWS::CloudFormation::WaitCondition: complete when enough signals have come to its handle. Without one it waits for its creation policy. */
export const waitCondition = resource<Props>({
  create({ Handle, Timeout, Count = 1 }, context) {
    if (Handle === undefined) return { id: handleKey(context) };
    const place = placeOfUrl(Handle);
    if (place?.kind !== 'waitcondition') throw validationError(`Invalid WaitCondition handle: ${Handle}`);
    const timeout_s = Number(Timeout);
    if (!Number.isInteger(timeout_s) || timeout_s < 1 || timeout_s > timeout_s_max)
      throw validationError(`Timeout must be a whole number of seconds from 1 to ${timeout_s_max}`);
    if (Count < 1) throw validationError('Count must be at least 1');
    const { stackId, logicalId, now } = context;
    context.store
      .table(waitings)
      .put(waitingKey(context), { stackId, logicalId, handle: place.key, deadline: now + timeout_s * 1000 });
    return { id: place.key };
  },
  update() {
    throw validationError('Update to resource type AWS::CloudFormation::WaitCondition is not supported.');
  },
  delete: (_id, _properties, context) => context.store.table(waitings).delete(waitingKey(context)),
  progress: (_id, properties, context) => {
    const outcome = outcomeOf(properties, context);
    return 'data' in outcome ? 'complete' : outcome;
  },
  attributes(_id, properties, context) {
    const outcome = outcomeOf(properties, context);
    return { Data: 'data' in outcome ? outcome.data : '{}' };
  },
});

const waitingKey = ({ stackId, logicalId }: ResourceContext): string => `${stackId}|${logicalId}`;

function outcomeOf(
  { Count: count = 1 }: Props,
  context: ResourceContext,
): Exclude<Progress, 'complete'> | { readonly data: string } {
  const waiting = context.store.table(waitings).get(waitingKey(context));
  if (!waiting) return { data: '{}' };
  const { signals = [] } = context.store.table(waitHandles).get(waiting.handle) ?? {};
  return planWaiting(signals, { count, deadline: waiting.deadline, now: context.now });
}
