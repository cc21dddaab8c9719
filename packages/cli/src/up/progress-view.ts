import type { Terminal } from '../terminal.ts';
import { renderChange, renderTree } from './render-tree.ts';
import type { Node, StackNode } from './stack-progress.ts';

/** Shows how a deployment goes: redrawn in place on a terminal, a line for each change elsewhere. */
export class ProgressView {
  readonly #terminal: Terminal;
  readonly #descriptions: Readonly<Record<string, string>>;
  readonly #told = new Map<string, string>();
  #drawn = 0;

  constructor(terminal: Terminal, descriptions: Readonly<Record<string, string>>) {
    this.#terminal = terminal;
    this.#descriptions = descriptions;
  }

  show(root: StackNode, nested: ReadonlyMap<string, StackNode>, now: number): void {
    if (this.#terminal.interactive)
      this.#draw(
        renderTree(root, nested, {
          descriptions: this.#descriptions,
          now,
          columns: this.#terminal.columns,
          lines_max: 30,
        }),
      );
    else for (const [id, stack] of [['', root] as const, ...nested]) this.#tell(id, stack, now);
  }

  #draw(lines: readonly string[]): void {
    const up = this.#drawn > 0 ? `\x1b[${this.#drawn}A\x1b[J` : '';
    this.#terminal.err(`${up}${lines.join('\n')}\n`);
    this.#drawn = lines.length;
  }

  #tell(id: string, stack: StackNode, now: number): void {
    for (const node of [...stack.resources, ...(id === '' ? [stack] : [])])
      this.#tellOnce(`${id}|${node.logicalId}`, node, now);
  }

  #tellOnce(key: string, node: Node, now: number): void {
    if (this.#told.get(key) === node.status) return;
    this.#told.set(key, node.status);
    if (!node.status.endsWith('_IN_PROGRESS') || /ROLLBACK|DELETE/.test(node.status))
      this.#terminal.err(`${renderChange(node, { descriptions: this.#descriptions, now })}\n`);
  }
}
