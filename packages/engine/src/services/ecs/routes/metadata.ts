import type { HttpRoute } from '../../../kernel/service.ts';
import type { Agent } from '../ports.ts';
import { answerJson, findContainer } from './endpoint-task.ts';
import { containerMetadata, containerStats, taskMetadata, taskMetadataWithTags, taskStats } from './task-metadata.ts';

const path = /^\/v4\/([0-9a-f]{32}-\d+)(\/[\w/]*)?$/;

/** The task metadata endpoint, version 4: what ECS_CONTAINER_METADATA_URI_V4 points to. */
export const metadataRoute = (agent: Agent): HttpRoute => ({
  name: 'ecs/metadata',
  matches: (request) => path.test(request.path),
  handle(request, response, root) {
    const [, id = '', what = ''] = path.exec(new URL(request.url ?? '', 'http://agent').pathname) ?? [];
    const found = findContainer(root, id);
    if (!found)
      return answerJson(response, 404, 'V4 container metadata handler: unable to get container ID from request');
    const answers: Readonly<Record<string, () => unknown>> = {
      '': () => containerMetadata(found, found.run),
      '/task': () => taskMetadata(found),
      '/taskWithTags': () => taskMetadataWithTags(found),
      '/stats': () => containerStats(found, found.run, agent),
      '/task/stats': () => taskStats(found, agent),
    };
    const answer = answers[what];
    return answer ? answerJson(response, 200, answer()) : answerJson(response, 404, `no such endpoint: ${what}`);
  },
});
