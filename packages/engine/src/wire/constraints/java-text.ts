import type { Shape } from '../shapes.ts';

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** A value as AWS's services, which are written in Java, put it into a sentence: `[a, b]`, `{a=1}`, `Tag(key=a, value=null)`. */
export function javaText(shape: Shape, value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (shape.kind === 'list')
    return `[${(value as readonly unknown[]).map((item) => javaText(shape.item.shape, item)).join(', ')}]`;
  if (shape.kind === 'map') {
    const entries = Object.entries(value).map(([name, held]) => `${name}=${javaText(shape.value.shape, held)}`);
    return `{${entries.join(', ')}}`;
  }
  if (shape.kind !== 'structure') return value instanceof Uint8Array ? 'java.nio.HeapByteBuffer' : String(value);
  const held = value as Readonly<Record<string, unknown>>;
  const members = shape.members.map(
    ({ name, shape: member, traits }) =>
      `${lowerFirst(name)}=${traits.sensitive === 1 && held[name] !== undefined ? '***Sensitive Data Redacted***' : javaText(member, held[name])}`,
  );
  return `${shape.name}(${members.join(', ')})`;
}
