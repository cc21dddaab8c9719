import { findCycle, type Graph } from '../graph.ts';
import { references } from './references.ts';
import { dependsOn, type ResourceDeclaration, type Template, templateError } from './template.ts';

/** The resources that the template's conditions let exist, and what each waits for: what it refers to, and what it says it depends on. */
export function templateGraph(template: Template, condition: (name: string) => boolean): Graph {
  const exists = (id: string) => {
    const declaration = template.resources[id];
    return declaration !== undefined && (declaration.Condition === undefined || condition(declaration.Condition));
  };
  const graph = new Map(
    Object.entries(template.resources)
      .filter(([id]) => exists(id))
      .map(([id, declaration]) => [id, [...waitsFor(declaration, condition)].filter(exists)] as const),
  );
  const cycle = findCycle(graph);
  if (cycle) throw templateError(`Circular dependency between resources: [${cycle.join(', ')}]`);
  return graph;
}

function waitsFor(declaration: ResourceDeclaration, condition: (name: string) => boolean): Set<string> {
  const ids = new Set(dependsOn(declaration));
  for (const reference of references([declaration.Properties, declaration.Metadata], condition))
    if (reference.kind === 'ref' || reference.kind === 'attribute') ids.add(reference.name);
  return ids;
}
