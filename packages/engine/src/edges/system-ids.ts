import { randomBytes } from 'node:crypto';
import { type Ids, idsFrom } from '../kernel/ids.ts';

/** Ids from the machine's randomness. */
export const systemIds = (): Ids => idsFrom(() => () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48);
