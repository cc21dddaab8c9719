import { toSdkInput } from '../../../cloudformation/casing.ts';
import { type Properties, type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import type { Input } from '../../../kernel/operation.ts';
import { busNameOf } from '../operations/event-buses.ts';

type Sdk = typeof import('@aws-sdk/client-eventbridge');

interface RuleProperties extends Properties {
  readonly Name?: string;
  readonly EventBusName?: string;
  readonly EventPattern?: unknown;
  readonly Targets?: readonly RuleTarget[];
  readonly Tags?: unknown;
}
interface RuleTarget extends Properties {
  readonly Id: string;
  readonly Arn: string;
  readonly EcsParameters?: Properties & { readonly TagList?: unknown };
}

/** CloudFormation's `Ref` of a rule: its name, with the bus before it where that is not the default one. */
const refOf = (bus: string, name: string) => (bus === 'default' ? name : `${bus}|${name}`);
function parseRef(ref: string): { Name: string; EventBusName: string } {
  const [name = '', bus] = ref.split('|').reverse();
  return { Name: name, EventBusName: bus ?? 'default' };
}

function putRule(ref: string, properties: RuleProperties, context: ResourceContext): string {
  const { EventPattern: pattern } = properties;
  const input = toSdkInput('eventBridge', 'PutRule', {
    ...properties,
    ...parseRef(ref),
    EventPattern: pattern === undefined || typeof pattern === 'string' ? pattern : JSON.stringify(pattern),
    Tags: context.tags(properties.Tags),
  });
  return context.eventBridge.putRule(input as Input<Sdk, 'PutRule'>).RuleArn ?? '';
}

function putTargets(ref: string, { Targets = [] }: RuleProperties, context: ResourceContext): void {
  if (Targets.length === 0) return;
  const { Name: Rule, EventBusName } = parseRef(ref);
  const input = toSdkInput('eventBridge', 'PutTargets', { Rule, EventBusName, Targets: Targets.map(renamed) });
  context.eventBridge.putTargets(input as Input<Sdk, 'PutTargets'>);
}

/** The one member that the API calls otherwise, beyond its casing. */
function renamed(target: RuleTarget): Properties {
  if (!target.EcsParameters?.TagList) return target;
  const { TagList, ...parameters } = target.EcsParameters;
  return { ...target, EcsParameters: { ...parameters, Tags: TagList } };
}

function removeTargets(ref: string, ids: readonly string[], context: ResourceContext): void {
  const { Name: Rule, EventBusName } = parseRef(ref);
  if (ids.length > 0) context.eventBridge.removeTargets({ Rule, EventBusName, Ids: [...ids] });
}

/** AWS::Events::Rule */
export const rule = resource<RuleProperties>({
  create(properties, context) {
    const name = properties.Name ?? context.physicalName({ max: 64 });
    const ref = refOf(busNameOf(properties.EventBusName), name);
    const Arn = putRule(ref, properties, context);
    putTargets(ref, properties, context);
    return { id: ref, attributes: { Arn, RuleName: name } };
  },
  update(ref, properties, previous, context) {
    putRule(ref, properties, context);
    const kept = new Set(properties.Targets?.map(({ Id }) => Id));
    const gone = (previous.Targets ?? []).flatMap(({ Id }) => (kept.has(Id) ? [] : [Id]));
    removeTargets(ref, gone, context);
    putTargets(ref, properties, context);
    return undefined;
  },
  delete(ref, _, context) {
    const { Name, EventBusName } = parseRef(ref);
    const { Targets = [] } = context.eventBridge.listTargetsByRule({ Rule: Name, EventBusName });
    removeTargets(
      ref,
      Targets.flatMap(({ Id }) => Id ?? []),
      context,
    );
    context.eventBridge.deleteRule({ Name, EventBusName });
  },
});
