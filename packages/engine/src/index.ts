export type { EngineStatus } from './admin/routes.ts';
export type { ThrottleAnswer } from './admin/throttle-routes.ts';
export { holderOf } from './edges/state-lock.ts';
export { type Engine, type EngineOptions, startEngine } from './engine.ts';
export type { EngineEvent } from './kernel/event-log.ts';
export { UserError } from './kernel/user-error.ts';
