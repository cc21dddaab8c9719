/** What each resource waits for, by logical id. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/** The resources of a cycle, in the order in which they wait for each other; undefined where there is none. */
export function findCycle(graph: Graph): string[] | undefined {
  const finished = new Set<string>();
  const path: string[] = [];
  const visit = (id: string): string[] | undefined => {
    if (finished.has(id)) return undefined;
    const start = path.indexOf(id);
    if (start >= 0) return path.slice(start);
    path.push(id);
    for (const next of graph.get(id) ?? []) {
      const cycle = visit(next);
      if (cycle) return cycle;
    }
    path.pop();
    finished.add(id);
    return undefined;
  };
  for (const id of graph.keys()) {
    const cycle = visit(id);
    if (cycle) return cycle;
  }
  return undefined;
}

/** Every resource after those it waits for; among equals in the order of the template. */
export function inOrder(graph: Graph): string[] {
  const order = new Set<string>();
  const visit = (id: string) => {
    if (order.has(id)) return;
    for (const next of graph.get(id) ?? []) if (graph.has(next)) visit(next);
    order.add(id);
  };
  for (const id of graph.keys()) visit(id);
  return [...order];
}
