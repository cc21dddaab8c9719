import type { WakeUp } from '../../../packages/constructs/src/functions/lambda-edge.ts';
import type { CallFault, Operation } from './aws-calls.ts';

type CallHook = (functionName: string, operation: Operation, input: object) => CallFault | undefined;
type Entry = Readonly<Record<string, unknown>>;

/** Where faults reach into the world. Without any, nothing is interfered with. */
export class Interference {
  /** Decides about each call of a function. */
  readonly calls: CallHook[] = [];
  /** Hears each line that a function logs. */
  readonly lines: ((functionName: string, entry: Entry) => void)[] = [];
  /** Hears each call of a function. */
  readonly events: ((functionName: string, event: WakeUp) => void)[] = [];
  /** Tasks whose figures are lost. */
  readonly silent = new Set<string>();
  readonly #undo: (() => void)[] = [];

  /** For one call of a function: one that was killed stays dead, whatever it tries. */
  ofCalls(functionName: string): (operation: Operation, input: object) => CallFault | undefined {
    let dead: CallFault | undefined;
    return (operation, input) => {
      if (dead) return { ...dead, lost: 'before' };
      const fault = this.calls.map((hook) => hook(functionName, operation, input)).find((found) => found);
      if (fault?.error.name === functionDied) dead = fault;
      return fault;
    };
  }

  logged(functionName: string, entry: Entry): void {
    for (const hear of [...this.lines]) hear(functionName, entry);
  }

  called(functionName: string, event: WakeUp): void {
    for (const hear of [...this.events]) hear(functionName, event);
  }

  /** Undoes what a fault has changed. */
  onClear(undo: () => void): void {
    this.#undo.push(undo);
  }

  /** From now on nothing is interfered with. */
  clear(): void {
    for (const hooks of [this.calls, this.lines, this.events]) hooks.length = 0;
    this.silent.clear();
    for (const undo of this.#undo.splice(0)) undo();
  }

  isSilent(taskId: string): boolean {
    return this.silent.has(taskId);
  }
}

/** The name of the error by which a function ends in the middle of what it does. */
export const functionDied = 'FunctionDied';
