export type { ClientView } from './client.ts';
export type { Failure, LoadCounters } from './counters.ts';
export { type Load, type LoadSettings, startLoad } from './load.ts';
