import type { Graph } from '../../cloudformation/graph.ts';
import type { Environment } from '../../cloudformation/template/environment.ts';
import { isNoEcho } from '../../cloudformation/template/parameters.ts';
import { resolve } from '../../cloudformation/template/resolve.ts';
import type { Template } from '../../cloudformation/template/template.ts';
import { templateGraph } from '../../cloudformation/template/template-graph.ts';
import type { Context } from '../../kernel/context.ts';
import { customRequests } from './custom-resources/model.ts';
import { requireDefinition, templateOf } from './definition.ts';
import {
  type Definition,
  type ResourceRow,
  resourceKey,
  type Stack,
  type StackProgress,
  stackResources,
} from './model.ts';
import type { Ports } from './ports.ts';
import { stackEnvironment, valuesOf } from './stack-environment.ts';

/** One stack in the middle of an operation, with everything that a step needs. */
export interface StackWork {
  readonly context: Context;
  readonly ports: Ports;
  readonly stack: Stack;
  readonly progress: StackProgress;
  /** What is being brought about: the new definition, or, on the way back, the one before. */
  readonly definition: Definition;
  readonly template: Template;
  readonly environment: Environment;
  readonly goal: Graph;
}

const wayBack: readonly Stack['StackStatus'][] = [
  'UPDATE_ROLLBACK_IN_PROGRESS',
  'UPDATE_ROLLBACK_FAILED',
  'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
];

/** The definition that a stack has, or is about to have. */
export function goalDefinition(context: Context, stack: Stack, progress: StackProgress): Definition {
  const back = wayBack.includes(stack.StackStatus) ? progress.previousDefinitionId : undefined;
  return requireDefinition(context, back ?? progress.definitionId);
}

export function stackWork(context: Context, ports: Ports, stack: Stack, progress: StackProgress): StackWork {
  const definition = goalDefinition(context, stack, progress);
  const template = templateOf(definition);
  const rows = context.store.table(stackResources);
  const environment = stackEnvironment(context, stack, template, definition.parameters, (id) => {
    const row = rows.get(resourceKey(stack.StackId, id));
    return row?.physicalId === undefined ? undefined : valuesOf(row);
  });
  return {
    context,
    ports,
    stack,
    progress,
    definition,
    template,
    environment,
    goal: templateGraph(template, environment.condition),
  };
}

/** A stack's resources and leftovers. */
export const rowsOf = (context: Context, stackId: string): ResourceRow[] =>
  context.store.table(stackResources).by('stack', stackId);

export const keyOf = (row: ResourceRow): string =>
  row.obsolete
    ? resourceKey(row.stackId, row.logicalId, row.physicalId ?? '')
    : resourceKey(row.stackId, row.logicalId);

export function putRow(context: Context, row: ResourceRow): ResourceRow {
  return context.store.table(stackResources).put(keyOf(row), row);
}

/** A resource's properties as people may see them: what comes from NoEcho parameters is masked. */
export function shownProperties(work: StackWork, logicalId: string): unknown {
  const { context, stack, template, definition } = work;
  const declared = template.resources[logicalId]?.Properties ?? {};
  const secret = Object.entries(template.parameters).filter(([, declaration]) => isNoEcho(declaration));
  const hidden = new Set(
    context.store
      .table(customRequests)
      .by('stack', stack.StackId)
      .flatMap(({ noEcho, logicalId: id }) => (noEcho ? [id] : [])),
  );
  if (secret.length === 0 && hidden.size === 0) return resolve(declared, work.environment);
  const masked = { ...definition.parameters, ...Object.fromEntries(secret.map(([name]) => [name, { text: '****' }])) };
  const resource: typeof work.environment.resource = (id) => {
    const values = work.environment.resource(id);
    return values && hidden.has(id) ? { id: values.id, attribute: () => '*****' } : values;
  };
  return resolve(declared, stackEnvironment(context, stack, template, masked, resource));
}
