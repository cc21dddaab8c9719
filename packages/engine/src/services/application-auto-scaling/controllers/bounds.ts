import type { Context } from '../../../kernel/context.ts';
import { readCapacity } from '../ecs-service.ts';
import type { ScalableTarget } from '../model.ts';
import { scaleTo } from './activity-log.ts';

/** Once its bounds have changed, a capacity outside of them is brought to the nearer one at once. Between changes nothing is brought back. */
export function applyBounds(
  before: Pick<ScalableTarget, 'MinCapacity' | 'MaxCapacity'> | undefined,
  target: ScalableTarget,
  occasion: string | undefined,
  context: Context,
): void {
  const { MinCapacity: min, MaxCapacity: max } = target;
  if (before?.MinCapacity === min && before.MaxCapacity === max && !occasion) return;
  const capacity = readCapacity(target.ResourceId, context);
  if (!capacity) return;
  const to = Math.min(Math.max(capacity.desired, min), max);
  if (to === capacity.desired) return;
  const bound =
    to === min && capacity.desired < min ? `minimum capacity was set to ${min}` : `maximum capacity was set to ${max}`;
  const because = occasion ? `${bound} while ${occasion}` : bound;
  scaleTo({ target, from: capacity.desired, to, because, cause: {} }, context);
}
