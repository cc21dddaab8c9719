/** What /etc/ecs/ecs.config tells the agent, as far as it counts here. */
export interface AgentConfig {
  readonly cluster: string;
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly reservedMemory_mib: number;
}

/**
 * Reads the agent's configuration, or what user data writes into it. A script is not run: its lines of the form `ECS_NAME=value` count, whether they
 * are echoed or stand in a here-document; the last of a name wins.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html
 */
export function readAgentConfig(text: string): AgentConfig {
  const settings = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/\b(ECS_[A-Z_]+)=("[^"\n]*"|'[^'\n]*'|\{[^\n]*\}|[^\s"'>]+)/g))
    settings.set(name, /^["']/.test(value) ? value.slice(1, -1) : value);
  return {
    cluster: settings.get('ECS_CLUSTER') ?? 'default',
    attributes: entriesOf(settings.get('ECS_INSTANCE_ATTRIBUTES')).map(([name, value]) => ({ name, value })),
    tags: entriesOf(settings.get('ECS_CONTAINER_INSTANCE_TAGS')).map(([key, value]) => ({ key, value })),
    reservedMemory_mib: Number(settings.get('ECS_RESERVED_MEMORY') ?? 0) || 0,
  };
}

/** The object that user data copies over the agent's configuration, where it does. */
export function copiedConfig(text: string): { readonly bucket: string; readonly key: string } | undefined {
  const [, bucket, key] = /\baws s3 cp\s+s3:\/\/([^/\s]+)\/(\S+)\s+\/etc\/ecs\/ecs\.config\b/.exec(text) ?? [];
  return bucket && key ? { bucket, key } : undefined;
}

/** The members of a JSON object of texts; none where it is none. */
function entriesOf(json: string | undefined): [string, string][] {
  try {
    const parsed: unknown = JSON.parse(json ?? '{}');
    return typeof parsed === 'object' && parsed !== null
      ? Object.entries(parsed).map(([name, value]) => [name, String(value)])
      : [];
  } catch {
    return [];
  }
}
