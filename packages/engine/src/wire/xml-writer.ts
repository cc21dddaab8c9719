import { encodeBase64 } from './json-writer.ts';
import type { ListShape, MapShape, Member, Shape, StructureShape } from './shapes.ts';
import { formatTimestamp } from './timestamps.ts';
import { once, remember } from './tree-codec.ts';

type Write = (value: unknown) => string;

/** Writes the members of a structure as XML, without an element around them. For all three XML protocols; times are ISO 8601. */
export const xmlWriter = (shape: StructureShape): ((value: object) => string) =>
  remember(writers, shape, () => membersWriter(shape));

const writers = new WeakMap<Shape, (value: object) => string>();

/** A value of a member that is the whole payload, in an element of the shape's own name. */
export function writePayload(member: Member, value: unknown, namespace: string | undefined): string {
  const shape = member.shape as StructureShape;
  const name = member.traits.xmlName ?? shape.traits.xmlName ?? shape.name;
  const [, uri] = member.traits.xmlNamespace ?? shape.traits.xmlNamespace ?? [undefined, namespace];
  return element(name, xmlWriter(shape)(value as object), uri ? ` xmlns="${escapeAttribute(uri)}"` : '');
}

function membersWriter(shape: StructureShape): (value: object) => string {
  const members = once(() =>
    shape.members
      .filter((member) => !member.traits.xmlAttribute)
      .map((member) => ({ name: member.name, write: memberWriter(member) })),
  );
  return (value) => {
    let xml = '';
    for (const { name, write } of members()) {
      const inner = (value as Record<string, unknown>)[name];
      if (inner !== undefined && inner !== null) xml += write(inner);
    }
    return xml;
  };
}

/** Writes a member's element, or elements where it is a flattened list or map. */
function memberWriter(member: Member, name = member.traits.xmlName ?? member.name): Write {
  const { shape, traits } = member;
  if (shape.kind === 'list') return listWriter(shape, name, traits.xmlFlattened === 1);
  if (shape.kind === 'map') return mapWriter(shape, name, traits.xmlFlattened === 1);
  if (shape.kind === 'structure') return structureWriter(member, shape, name);
  const write = scalarWriter(shape);
  return (value) => element(name, write(value));
}

function structureWriter(member: Member, shape: StructureShape, name: string): Write {
  const attributes = once(() => shape.members.filter(({ traits }) => traits.xmlAttribute));
  const namespace = member.traits.xmlNamespace;
  const declaration = namespace
    ? ` xmlns${namespace[0] ? `:${namespace[0]}` : ''}="${escapeAttribute(namespace[1])}"`
    : '';
  const write = xmlWriter(shape);
  return (value) => {
    let head = declaration;
    for (const { name: attribute, traits } of attributes()) {
      const text = (value as Record<string, unknown>)[attribute];
      if (text != null) head += ` ${traits.xmlName ?? attribute}="${escapeAttribute(String(text))}"`;
    }
    return element(name, write(value as object), head);
  };
}

function listWriter(shape: ListShape, name: string, flat: boolean): Write {
  const write = once(() => memberWriter(shape.item, flat ? name : (shape.item.traits.xmlName ?? 'member')));
  return (value) => {
    let xml = '';
    for (const item of value as unknown[]) if (item !== undefined && item !== null) xml += write()(item);
    return flat ? xml : element(name, xml);
  };
}

function mapWriter(shape: MapShape, name: string, flat: boolean): Write {
  const keyName = shape.key.traits.xmlName ?? 'key';
  const write = once(() => memberWriter(shape.value, shape.value.traits.xmlName ?? 'value'));
  return (value) => {
    let xml = '';
    for (const [key, item] of Object.entries(value as object))
      if (item !== undefined && item !== null)
        xml += element(flat ? name : 'entry', element(keyName, escapeText(key)) + write()(item));
    return flat ? xml : element(name, xml);
  };
}

function scalarWriter(shape: Shape): Write {
  if (shape.kind === 'blob') return encodeBase64;
  if (shape.kind === 'timestamp') return (value) => formatTimestamp(value as Date, shape.format ?? 'date-time');
  return (value) => escapeText(String(value));
}

export const element = (name: string, content: string, attributes = ''): string =>
  `<${name}${attributes}>${content}</${name}>`;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
  '\n': '&#xA;',
  '\t': '&#x9;',
  '\u0085': '&#x85;',
  '\u2028': '&#x2028;',
};

// Characters that XML cannot hold at all are written as the replacement character: a parser would refuse the whole answer.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const special = /[&<>\r\u0085\u2028\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export const escapeText = (text: string): string =>
  text.search(special) < 0 ? text : text.replace(special, (char) => escapes[char] ?? '\ufffd');

const escapeAttribute = (text: string): string => escapeText(text).replace(/["\n\t]/g, (char) => escapes[char] ?? char);
