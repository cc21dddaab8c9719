import { DecodeError } from './decode-error.ts';

export interface XmlElement {
  /** Without its namespace prefix. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All text directly inside, as written. */
  readonly text: string;
}

/** Deeper than this is no request of any model. */
const depth_max = 64;

interface Open {
  readonly tag: string;
  readonly attributes: Map<string, string>;
  readonly children: XmlElement[];
  text: string;
}

// One markup item at a time: comment, CDATA, instruction or declaration, closing tag, opening tag.
const markup =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<\/([^\s<>/]+)\s*>|<([^\s<>/!?]+)((?:\s+[^\s<>/=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const attribute = /([^\s<>/=]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;

/** Parses a document. Document types are refused: no AWS request has one, and entities in them are a way to attack. */
export function parseXml(source: string): XmlElement {
  const xml = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  const stack: Open[] = [];
  let root: XmlElement | undefined;
  let index = 0;
  while (index < xml.length) {
    const next = xml.indexOf('<', index);
    const text = xml.slice(index, next < 0 ? xml.length : next);
    const open = stack.at(-1);
    if (open) open.text += decodeEntities(text.replace(/\r\n?/g, '\n'));
    else if (text.trim() !== '') throw invalid('text outside of the root element');
    if (next < 0) break;
    markup.lastIndex = next;
    const match = markup.exec(xml);
    if (!match) throw invalid(`no valid markup at character ${next}`);
    index = markup.lastIndex;
    const [, cdata, closing, opening, attributes, empty] = match;
    if (cdata !== undefined && open) open.text += cdata;
    if (opening !== undefined) {
      if (root) throw invalid('more than one root element');
      if (stack.length >= depth_max) throw invalid('elements are nested too deeply');
      stack.push({ tag: opening, attributes: attributesOf(attributes ?? ''), children: [], text: '' });
    }
    if (closing !== undefined && closing !== open?.tag) throw invalid(`</${closing}> closes nothing`);
    if (closing !== undefined || empty === '/') root = close(stack);
  }
  if (!root || stack.length > 0) throw invalid('the root element is not closed');
  return root;
}

/** Takes the innermost element off the stack and gives it to its parent; the root has none and is returned. */
function close(stack: Open[]): XmlElement | undefined {
  const closed = stack.pop();
  if (!closed) return undefined;
  const element = { ...closed, name: localName(closed.tag) };
  const parent = stack.at(-1);
  parent?.children.push(element);
  return parent ? undefined : element;
}

function attributesOf(source: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single] of source.matchAll(attribute))
    attributes.set(name, decodeEntities(double ?? single ?? ''));
  return attributes;
}

const localName = (tag: string): string => tag.slice(tag.indexOf(':') + 1);

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const decodeEntities = (text: string): string =>
  text.replace(/&([^;]*);?/g, (whole, entity: string) => {
    const code = /^#x[0-9a-f]{1,6}$/i.test(entity)
      ? Number.parseInt(entity.slice(2), 16)
      : /^#\d{1,7}$/.test(entity)
        ? Number(entity.slice(1))
        : undefined;
    if (code !== undefined && code <= 0x10ffff) return String.fromCodePoint(code);
    const char = entities[entity];
    if (char === undefined || !whole.endsWith(';')) throw invalid(`the entity ${whole.slice(0, 20)} is not known`);
    return char;
  });

const invalid = (reason: string): DecodeError => new DecodeError(`The request body is not well-formed XML: ${reason}`);
