import type { ResourceContext } from '../../cloudformation/resource-handler.ts';
import { isFields } from '../../cloudformation/template/template.ts';
import type { Context } from '../../kernel/context.ts';
import type { Definition, ResourceRow, Stack, StackProgress } from './model.ts';

/** AWS's names for what has none: stack, logical id and 12 random characters, the first two cut where the whole would be too long. */
export function physicalName(
  stackName: string,
  logicalId: string,
  random: string,
  options: { readonly max?: number; readonly lowerCase?: boolean } = {},
): string {
  const room = (options.max ?? 255) - random.length - 2;
  const whole = `${stackName}-${logicalId}`;
  const [stack, logical] =
    whole.length - 1 <= room ? [stackName, logicalId] : shares(stackName, logicalId, Math.max(2, room));
  const name = `${stack}-${logical}-${random}`;
  return options.lowerCase ? name.toLowerCase() : name;
}

/** Half of the room for each, and what one does not need for the other. */
function shares(first: string, second: string, room: number): [string, string] {
  const half = Math.floor(room / 2);
  const firstLength = Math.min(first.length, Math.max(half, room - second.length));
  return [first.slice(0, firstLength).replace(/-+$/, ''), second.slice(0, room - firstLength)];
}

/** What a handler is given: the stack's caller here, and how the stack names and tags things. */
export function resourceContext(
  context: Context,
  stack: Stack,
  progress: StackProgress,
  definition: Definition,
  { logicalId, requestToken }: Pick<ResourceRow, 'logicalId' | 'requestToken'>,
): ResourceContext {
  const as = context.as(progress.caller);
  const random = once(() => context.ids.alphanumeric('cloudformation/name', 12));
  return Object.assign(as, {
    stackId: stack.StackId,
    stackName: stack.StackName,
    logicalId,
    requestToken,
    physicalName: (options?: { readonly max?: number; readonly lowerCase?: boolean }) =>
      physicalName(stack.StackName, logicalId, random(), options),
    tags: (own?: unknown) => mergedTags(definition.tags, own, stack, logicalId),
  });
}

function mergedTags(
  ofStack: Definition['tags'],
  own: unknown,
  stack: Stack,
  logicalId: string,
): { Key: string; Value: string }[] {
  const merged = new Map<string, string>();
  for (const { Key = '', Value = '' } of ofStack) merged.set(Key, Value);
  for (const [key, value] of tagPairs(own)) merged.set(key, value);
  merged.set('aws:cloudformation:stack-name', stack.StackName);
  merged.set('aws:cloudformation:logical-id', logicalId);
  merged.set('aws:cloudformation:stack-id', stack.StackId);
  return [...merged].map(([Key, Value]) => ({ Key, Value }));
}

/** Tags come as a list of Key and Value, or as a map. */
function tagPairs(tags: unknown): [string, string][] {
  if (Array.isArray(tags))
    return tags.filter(isFields).map(({ Key, Value }) => [String(Key), Value === undefined ? '' : String(Value)]);
  return isFields(tags) ? Object.entries(tags).map(([key, value]) => [key, String(value)]) : [];
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
