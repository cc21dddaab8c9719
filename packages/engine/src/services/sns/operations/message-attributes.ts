import type { MessageAttributes } from '../model.ts';

type Value = string | number | boolean | null;

/** A message's attributes as filter policies see them: numbers as numbers, arrays as their members; binary values are not seen. */
export function attributeValues(attributes: MessageAttributes): Readonly<Record<string, Value | readonly Value[]>> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(
      ([name, { DataType = '', StringValue = '' }]): [string, Value | readonly Value[]][] => {
        if (DataType.startsWith('Binary')) return [];
        if (DataType.startsWith('String.Array')) return [[name, membersOf(StringValue)]];
        return [[name, DataType.startsWith('Number') ? Number(StringValue) : StringValue]];
      },
    ),
  );
}

function membersOf(text: string): Value | readonly Value[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as Value[]) : text;
  } catch {
    return text;
  }
}

/** As endpoints are told of them. */
export const shownAttributes = (attributes: MessageAttributes) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? Buffer.from(BinaryValue ?? []).toString('base64') },
    ]),
  );
