import { credentials } from '../../kernel/caller.ts';
import { type Controller, watch } from '../../kernel/controller.ts';

const day_ms = 86_400_000;

/** Forgets sessions a day after they ran out: until then a client is told that its session expired, and not that it never was. */
export const expiryController: Controller = {
  name: 'sts/session-expiry',
  watches: [watch(credentials, ({ accessKeyId, expiration }) => (expiration === undefined ? undefined : accessKeyId))],
  reconcile(accessKeyId, { store, now, speed }) {
    const rows = store.table(credentials);
    const expiration = rows.get(accessKeyId)?.expiration;
    if (expiration === undefined) return undefined;
    // A client lives in the wall's time and renews its session by it, however fast the platform's time runs.
    const forgottenAt = expiration + day_ms * (Number.isFinite(speed) ? Math.max(1, speed) : 1);
    if (now < forgottenAt) return forgottenAt;
    rows.delete(accessKeyId);
    return undefined;
  },
};
