import type { Mail } from '../mail.ts';
import type { MailKind, ScaleIn } from './state.ts';

/** One thing to do. Each can be done twice without harm, for a function may die after it and before it is noted. */
export type Step =
  /** Begin: create the parameter, which fails if there is one. */
  | { readonly do: 'lock'; readonly scaleIn: ScaleIn }
  /** Write down what is known or decided now. */
  | { readonly do: 'note'; readonly change: Partial<ScaleIn> }
  | { readonly do: 'protect'; readonly taskIds: readonly string[]; readonly minutes: number }
  | { readonly do: 'unprotect'; readonly taskIds: readonly string[] }
  | { readonly do: 'set-desired'; readonly from: number; readonly to: number; readonly reason: string }
  | { readonly do: 'run-command' }
  | { readonly do: 'drop-alarms'; readonly taskId: string }
  | { readonly do: 'mail'; readonly kind: MailKind; readonly mail: Mail }
  | { readonly do: 'remember' }
  | { readonly do: 'unlock' };

export interface Plan {
  /** In this order; when one fails, those after it are left for the next time. */
  readonly steps: readonly Step[];
  /** What has to happen before there is anything more to do. */
  readonly waiting?: string;
}

export const note = (change: Partial<ScaleIn>): Step => ({ do: 'note', change });
export const wait = (waiting: string): Plan => ({ steps: [], waiting });
