import type { Properties, ResourceContext, ResourceHandler } from '../cloudformation/resource-handler.ts';
import { rootCaller } from '../kernel/caller.ts';
import type { Lab } from './lab.ts';
import { labScope } from './lab.ts';

/** A resource handler under test: each call is a turn, as a stack named `stack` would make it for its logical id `Thing`. */
export interface ResourceLab {
  create(properties: Properties): ReturnType<ResourceHandler['create']>;
  update(id: string, properties: Properties, previous: Properties): void;
  delete(id: string, properties: Properties): void;
}

export function resourceLab(lab: Lab, type: string): ResourceLab {
  const handler = lab.kernel.services.map(({ resources }) => resources?.[type]).find((found) => found);
  if (!handler) throw new Error(`no service of this lab has the resource type ${type}`);
  const call = <T>(work: (context: ResourceContext) => T): T => lab.kernel.turn(() => work(contextOf(lab)));
  return {
    create: (properties) => call((context) => handler.create(properties, context)),
    update: (id, properties, previous) => call((context) => void handler.update?.(id, properties, previous, context)),
    delete: (id, properties) => call((context) => handler.delete(id, properties, context)),
  };
}

const contextOf = (lab: Lab): ResourceContext =>
  Object.assign(lab.kernel.context(labScope, rootCaller(labScope.account)), {
    stackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/stack/1',
    stackName: 'stack',
    logicalId: 'Thing',
    physicalName: ({ lowerCase }: { readonly lowerCase?: boolean } = {}) =>
      lowerCase ? 'stack-thing-0123456789ab' : 'stack-Thing-0123456789AB',
    tags: (own?: unknown) => [
      ...((own ?? []) as { Key: string; Value: string }[]),
      { Key: 'aws:cloudformation:stack-name', Value: 'stack' },
    ],
  });
