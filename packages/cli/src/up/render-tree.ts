import type { Node, StackNode } from './stack-progress.ts';

export interface TreeOptions {
  readonly descriptions: Readonly<Record<string, string>>;
  /** Epoch milliseconds of the platform. */
  readonly now: number;
  readonly columns: number;
  /** At most this many lines; what is done gives way first. */
  readonly lines_max: number;
}

const marks: readonly (readonly [RegExp, string])[] = [
  [/ROLLBACK_COMPLETE$/, '↩'],
  [/_COMPLETE$/, '✔'],
  [/_FAILED$/, '✘'],
  [/_IN_PROGRESS$/, '·'],
];

const markOf = (status: string) => marks.find(([pattern]) => pattern.test(status))?.[1] ?? ' ';

const elapsed = ({ since, until, status }: Node, now: number) =>
  `${(((status.endsWith('_IN_PROGRESS') ? Math.max(now, until) : until) - since) / 1000).toFixed(1)}s`;

/** The live tree: stacks and their resources with what they are for, their state and how long it took. Stacks that are done are folded. */
export function renderTree(root: StackNode, nested: ReadonlyMap<string, StackNode>, options: TreeOptions): string[] {
  const lines = treeLines(root, nested, options, '');
  const open = lines.filter((line) => !line.done);
  const shown = lines.length <= options.lines_max ? lines : open.slice(0, options.lines_max - 1);
  const left = lines.length - shown.length;
  return [...shown.map(({ text }) => text), ...(left > 0 ? [`  … and ${left} more`] : [])];
}

interface Line {
  readonly text: string;
  readonly done: boolean;
}

function treeLines(
  stack: StackNode,
  nested: ReadonlyMap<string, StackNode>,
  options: TreeOptions,
  indent: string,
): Line[] {
  const own = line(stack, options, indent);
  if (indent !== '' && own.done) return [own];
  const inner = stack.resources.flatMap((node) => {
    const child = node.stackId ? nested.get(node.stackId) : undefined;
    return child
      ? treeLines({ ...child, logicalId: node.logicalId }, nested, options, `${indent}  `)
      : [line(node, options, `${indent}  `)];
  });
  return [own, ...inner];
}

function line(node: Node, { descriptions, now, columns }: TreeOptions, indent: string): Line {
  const done = /(CREATE|UPDATE|DELETE)_COMPLETE$/.test(node.status);
  const name = descriptions[node.logicalId] ?? node.logicalId;
  const type = node.type.replace(/^AWS::/, '');
  const reason = node.status.endsWith('_FAILED') && node.reason ? `  ${node.reason}` : '';
  const left = `${indent}${markOf(node.status)} ${name}`;
  const right = `${type}  ${node.status}  ${elapsed(node, now)}${reason}`;
  const gap = ' '.repeat(Math.max(2, columns - left.length - right.length - 1));
  return { text: `${left}${gap}${right}`.slice(0, Math.max(columns, 60)), done };
}

/** One change as a plain line, where nothing can be redrawn. */
export const renderChange = (node: Node, { descriptions, now }: Pick<TreeOptions, 'descriptions' | 'now'>): string =>
  `${markOf(node.status)} ${node.status.padEnd(18)} ${node.type.replace(/^AWS::/, '').padEnd(34)} ${descriptions[node.logicalId] ?? node.logicalId}  ${elapsed(node, now)}${node.status.endsWith('_FAILED') && node.reason ? `\n    ${node.reason}` : ''}`;
