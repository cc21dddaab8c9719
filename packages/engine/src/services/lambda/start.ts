import { credentials } from '../../kernel/caller.ts';
import type { Root } from '../../kernel/service.ts';
import { environments, invocations, queuedEvents } from './model.ts';

/** No environment outlives the engine, so what was with one comes again: events of the queue are called anew, and who waited for an answer is gone. */
export function forgetEnvironments(root: Root): void {
  for (const scope of root.scopes()) {
    const { store } = root.in(scope);
    for (const { id, accessKeyId } of store.table(environments).list()) {
      store.table(environments).delete(id);
      store.table(credentials).delete(accessKeyId);
    }
    for (const { requestId } of store.table(invocations).list()) store.table(invocations).delete(requestId);
    for (const event of store.table(queuedEvents).list(({ running }) => running))
      store.table(queuedEvents).put(event.id, { ...event, running: false });
  }
}
