import type { Key } from './model.ts';

export const day_ms = 86_400_000;

export type KeyStep =
  | { readonly step: 'delete' }
  | { readonly step: 'rotate' }
  | { readonly wakeAt: number }
  | undefined;

/** What time does to a key: it is deleted at its date, and its material is replaced when its period is over. Only enabled keys rotate. */
export function planKey({ metadata, rotation }: Key, now: number): KeyStep {
  if (metadata.KeyState === 'PendingDeletion') {
    const at = metadata.DeletionDate?.getTime() ?? now;
    return at <= now ? { step: 'delete' } : { wakeAt: at };
  }
  if (!rotation.enabled || rotation.nextAt === undefined || metadata.KeyState !== 'Enabled') return undefined;
  return rotation.nextAt <= now ? { step: 'rotate' } : { wakeAt: rotation.nextAt };
}
