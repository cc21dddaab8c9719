import { table } from '../../../kernel/store.ts';

/** A macro of an account and region, by its name. */
export interface Macro {
  readonly name: string;
  readonly functionName: string;
  readonly description?: string;
}

export const macros = table<Macro>('cloudformation/macros');

/** A template of a request after its macros have worked on it. */
export interface Expanded {
  readonly processedTemplate?: string;
}
