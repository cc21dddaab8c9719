/**
 * The id of the ECS task this server runs in, or undefined outside of ECS. The agent's endpoint answers from the container's first
 * moment on; should it not, the server starts without it rather than not at all.
 */
export async function findTaskId(metadataUri: string | undefined): Promise<string | undefined> {
  if (!metadataUri) return undefined;
  try {
    const response = await fetch(`${metadataUri}/task`, { signal: AbortSignal.timeout(2_000) });
    const task: unknown = await response.json();
    const arn = typeof task === 'object' && task !== null && 'TaskARN' in task ? task.TaskARN : undefined;
    return typeof arn === 'string' ? arn.split('/').at(-1) : undefined;
  } catch {
    return undefined;
  }
}
