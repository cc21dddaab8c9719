import { isObject, type Json } from '../patterns/event-pattern.ts';

/** The value at a path like `$.detail.items[0]['instance-id']`, or undefined. EventBridge knows no wildcards or filters here. */
export function valueAt(path: string, document: Json): Json | undefined {
  let value: Json | undefined = document;
  for (const step of stepsOf(path)) {
    if (Array.isArray(value)) value = typeof step === 'number' ? (value as readonly Json[])[step] : undefined;
    else if (isObject(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
}

const step = /\.([^.[\]]+)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]/y;

export function isJsonPath(path: string): boolean {
  try {
    stepsOf(path);
    return true;
  } catch {
    return false;
  }
}

function stepsOf(path: string): (string | number)[] {
  if (!path.startsWith('$')) throw new SyntaxError(`not a JSON path: ${path}`);
  const steps: (string | number)[] = [];
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const [, name, index, single, double] = step.exec(path) ?? [];
    const found = index === undefined ? (name ?? single ?? double) : Number(index);
    if (found === undefined) throw new SyntaxError(`not a JSON path: ${path}`);
    steps.push(found);
  }
  return steps;
}
