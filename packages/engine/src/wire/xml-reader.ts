import { at } from './decode-error.ts';
import { scalarFromText } from './query-codec.ts';
import type { Member, Shape, StructureShape } from './shapes.ts';
import { once, remember, setEntry } from './tree-codec.ts';
import { parseXml, type XmlElement } from './xml-parser.ts';

type Read = (element: XmlElement) => unknown;

/** Decodes an XML body whose root element is the structure; the root's name is not checked, as S3 does not. */
export function xmlDecoder(shape: StructureShape): (body: Uint8Array) => object {
  const read = readerOf(shape);
  return (body) =>
    read(parseXml(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'))) as object;
}

const readers = new WeakMap<Shape, Read>();
const readerOf = (shape: Shape): Read => remember(readers, shape, () => makeReader(shape));

function makeReader(shape: Shape): Read {
  if (shape.kind !== 'structure') return (element) => scalarFromText(shape, element.text);
  const members = once(() => shape.members.map((member) => ({ member, read: readMember(member) })));
  return (element) => {
    const decoded: Record<string, unknown> = {};
    for (const { member, read } of members()) {
      const value = at(member.name, () => read(element));
      if (value !== undefined) decoded[member.name] = value;
    }
    return decoded;
  };
}

/** Reads a member out of the element that holds it. */
function readMember(member: Member): (parent: XmlElement) => unknown {
  const { shape, traits } = member;
  const name = traits.xmlName ?? member.name;
  const flat = traits.xmlFlattened === 1;
  if (traits.xmlAttribute) return ({ attributes }) => attributes.get(name);
  if (shape.kind === 'list') {
    const itemName = shape.item.traits.xmlName ?? 'member';
    const read = once(() => readerOf(shape.item.shape));
    return (parent) => elements(parent, name, flat, itemName)?.map((item, index) => at(index, () => read()(item)));
  }
  if (shape.kind === 'map') {
    const value = once(() => readMember(shape.value));
    const keyName = shape.key.traits.xmlName ?? 'key';
    return (parent) => {
      const entries = elements(parent, name, flat, 'entry');
      if (!entries) return undefined;
      const decoded: Record<string, unknown> = {};
      for (const entry of entries) setEntry(decoded, child(entry, keyName)?.text ?? '', value()(entry));
      return decoded;
    };
  }
  const read = once(() => readerOf(shape));
  return (parent) => {
    const found = child(parent, name);
    return found && read()(found);
  };
}

/** The elements of a list or map: beside each other in the parent, or in one element around them. */
function elements(parent: XmlElement, name: string, flat: boolean, itemName: string): XmlElement[] | undefined {
  if (!flat) return child(parent, name)?.children.filter((item) => item.name === itemName);
  const found = parent.children.filter((item) => item.name === name);
  return found.length > 0 ? found : undefined;
}

const child = (parent: XmlElement, name: string): XmlElement | undefined =>
  parent.children.find((element) => element.name === name);
