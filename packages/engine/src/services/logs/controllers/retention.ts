import { type Controller, watch } from '../../../kernel/controller.ts';
import { chunkKey, chunks, logGroups, logStreams, streamKey } from '../model.ts';

const day_ms = 86_400_000;

/** Removes events that are older than their group keeps them: whole chunks, once all of a chunk is too old. */
export const retentionController: Controller = {
  name: 'logs/retention',
  watches: [watch(logGroups, (group) => (group.retentionInDays === undefined ? undefined : group.name))],
  reconcile(name, { store, now }) {
    const days = store.table(logGroups).get(name)?.retentionInDays;
    if (days === undefined) return undefined;
    const rows = store.table(chunks);
    for (const stream of store.table(logStreams).by('group', name))
      for (const chunk of rows.by('stream', streamKey(name, stream.name)))
        if (chunk.events.every((event) => event.timestamp < now - days * day_ms))
          rows.delete(chunkKey(name, stream.name, chunk.number));
    return now + day_ms / 24;
  },
};
