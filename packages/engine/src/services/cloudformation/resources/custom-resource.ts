import {
  type Progress,
  type Properties,
  type ResourceContext,
  resource,
} from '../../../cloudformation/resource-handler.ts';
import { askProvider } from '../custom-resources/ask-provider.ts';
import { type CustomRequest, customRequests, requestKey } from '../custom-resources/model.ts';
import { type CustomOutcome, noAnswer, planAnswer } from '../custom-resources/plan-answer.ts';
import { validationError } from '../errors.ts';
import type { Ports } from '../ports.ts';

/**
 * AWS::CloudFormation::CustomResource and Custom::*: whatever the function or topic makes of it that `ServiceToken` names. What the provider
 * calls it is only known with its answer; until then CloudFormation has a name of its own for it.
 */
export const customResource = (ports: Ports, resourceType: string) =>
  resource<Properties>({
    create(properties, context) {
      askProvider(context, ports, { requestType: 'Create', resourceType, properties });
      return { id: context.physicalName(), provisional: true };
    },
    update(physicalId, properties, previous, context) {
      if (properties['ServiceToken'] !== previous['ServiceToken'])
        throw validationError('Modifying service token is not allowed.');
      askProvider(context, ports, { requestType: 'Update', resourceType, properties, previous, physicalId });
      return undefined;
    },
    delete(physicalId, properties, context) {
      askProvider(context, ports, { requestType: 'Delete', resourceType, properties, physicalId });
    },
    progress(id, _properties, context) {
      return progressOf(context, id, requestKey(context.stackId, context.logicalId));
    },
    deleting(id, _properties, context) {
      const key = requestKey(context.stackId, context.logicalId, id);
      const progress = progressOf(context, id, key);
      if (progress === 'complete' || !('made' in progress)) return progress;
      forget(context, id, key);
      return 'complete';
    },
  });

function progressOf(context: ResourceContext, id: string, key: string): Progress {
  const table = context.store.table(customRequests);
  const request = table.get(key);
  // A change of the metadata alone asks nobody.
  if (!request || request.settledAs !== undefined) return 'complete';
  const outcome = outcomeOf(request, context.now);
  if ('waiting' in outcome) return outcome;
  const settledAs = ('made' in outcome ? outcome.made.id : outcome.id) ?? id;
  table.put(key, { ...request, settledAs, noEcho: 'made' in outcome && outcome.noEcho });
  return 'made' in outcome ? { made: outcome.made } : outcome;
}

function outcomeOf(
  request: CustomRequest,
  now: number,
): CustomOutcome | { readonly waiting: string; readonly until: number } {
  if (request.answer !== undefined) return planAnswer(request, request.answer);
  if (now >= request.deadline) return { failed: noAnswer(request) };
  return { waiting: "for the answer of the custom resource's provider", until: request.deadline };
}

/** With the resource that there is, what is known of how it came about goes, too. */
function forget({ store, stackId, logicalId }: ResourceContext, id: string, key: string): void {
  const table = store.table(customRequests);
  table.delete(key);
  const current = requestKey(stackId, logicalId);
  if (table.get(current)?.settledAs === id) table.delete(current);
}
