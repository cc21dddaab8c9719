import { at, DecodeError } from './decode-error.ts';
import { decodeBase64 } from './json-codec.ts';
import type { ListShape, MapShape, Member, Shape, StructureShape } from './shapes.ts';
import { parseTimestamp } from './timestamps.ts';
import { once, remember, setEntry } from './tree-codec.ts';

/** Form parameters as a tree: `Tags.member.1.Key=a` is the value `a` four levels down. */
interface Node {
  value?: string;
  children?: Map<string, Node>;
}

export type QueryDialect = 'awsQuery' | 'ec2Query';
type DecodeNode = (node: Node) => unknown;

/** More levels than this is no request of any model. */
const depth_max = 64;

/** Decodes the parameters of a request of the awsQuery or ec2Query protocol. */
export function queryDecoder(shape: StructureShape, dialect: QueryDialect): (parameters: URLSearchParams) => object {
  const decode = decoderOf(shape, dialect);
  return (parameters) => decode(treeOf(parameters)) as object;
}

function treeOf(parameters: URLSearchParams): Node {
  const root: Node = {};
  for (const [name, value] of parameters) {
    const keys = name.split('.');
    if (keys.length > depth_max) throw new DecodeError(`The parameter ${name.slice(0, 60)}... is nested too deeply`);
    let node = root;
    for (const key of keys) {
      node.children ??= new Map();
      let child = node.children.get(key);
      if (!child) {
        child = {};
        node.children.set(key, child);
      }
      node = child;
    }
    node.value = value;
  }
  return root;
}

const decoders = {
  awsQuery: new WeakMap<Shape, DecodeNode>(),
  ec2Query: new WeakMap<Shape, DecodeNode>(),
};

const decoderOf = (shape: Shape, dialect: QueryDialect): DecodeNode =>
  remember(decoders[dialect], shape, () => makeDecoder(shape, dialect));

function makeDecoder(shape: Shape, dialect: QueryDialect): DecodeNode {
  if (shape.kind === 'structure') return structureDecoder(shape, dialect);
  if (shape.kind === 'list' || shape.kind === 'map') throw new Error('lists and maps are decoded as members');
  return ({ value = '' }) => scalarFromText(shape, value);
}

/** Lists and maps are flattened or not by the member that holds them, so they are decoded member by member. */
function memberDecoder(member: Member, dialect: QueryDialect): DecodeNode {
  const { shape } = member;
  if (shape.kind === 'list')
    return listDecoder(shape, dialect === 'ec2Query' || member.traits.xmlFlattened === 1, dialect);
  if (shape.kind === 'map') return mapDecoder(shape, member.traits.xmlFlattened === 1, dialect);
  return decoderOf(shape, dialect);
}

function memberKey({ name, traits }: Member, dialect: QueryDialect): string {
  if (dialect === 'awsQuery') return traits.xmlName ?? name;
  if (traits.ec2QueryName) return traits.ec2QueryName;
  const key = traits.xmlName ?? name;
  return key.charAt(0).toUpperCase() + key.slice(1);
}

function structureDecoder(shape: StructureShape, dialect: QueryDialect): DecodeNode {
  const members = once(
    () =>
      new Map(
        shape.members.map((member) => [
          memberKey(member, dialect),
          { name: member.name, decode: once(() => memberDecoder(member, dialect)) },
        ]),
      ),
  );
  return ({ children }) => {
    const decoded: Record<string, unknown> = {};
    for (const [key, child] of children ?? []) {
      const member = members().get(key);
      if (member) decoded[member.name] = at(key, () => member.decode()(child));
    }
    return decoded;
  };
}

function listDecoder(shape: ListShape, flat: boolean, dialect: QueryDialect): DecodeNode {
  const item = once(() => memberDecoder(shape.item, dialect));
  const itemKey = shape.item.traits.xmlName ?? 'member';
  // An empty list is sent as a parameter without a value. Some clients leave out the `member` level, which AWS accepts.
  return (node) => numbered(flat ? node : (node.children?.get(itemKey) ?? node)).map((child) => item()(child));
}

function mapDecoder(shape: MapShape, flat: boolean, dialect: QueryDialect): DecodeNode {
  const item = once(() => memberDecoder(shape.value, dialect));
  const keyKey = shape.key.traits.xmlName ?? 'key';
  const valueKey = shape.value.traits.xmlName ?? 'value';
  return (node) => {
    const decoded: Record<string, unknown> = {};
    for (const { children } of numbered(flat ? node : (node.children?.get('entry') ?? {}))) {
      const key = children?.get(keyKey)?.value;
      if (key === undefined) throw new DecodeError('A map entry has no key');
      setEntry(
        decoded,
        key,
        at(key, () => item()(children?.get(valueKey) ?? {})),
      );
    }
    return decoded;
  };
}

/** The children `1`, `2`, ... in order of their numbers, which need not be without gaps. */
function numbered({ children }: Node): Node[] {
  const entries = [...(children ?? [])].map(([key, node]) => [Number(key), node] as const);
  if (entries.some(([number]) => !Number.isInteger(number))) throw new DecodeError('A list must have numbered items');
  return entries.sort(([a], [b]) => a - b).map(([, node]) => node);
}

/** A simple value from its text, in query parameters, headers, labels and XML elements. */
export function scalarFromText(shape: Shape, text: string): unknown {
  if (shape.kind === 'blob') return decodeBase64(text);
  if (shape.kind === 'boolean') {
    if (!/^(true|false)$/i.test(text)) throw new DecodeError(`Boolean must be either true or false, not '${text}'`);
    return text.toLowerCase() === 'true';
  }
  if (shape.kind === 'timestamp') {
    const time = parseTimestamp(text);
    if (!time) throw new DecodeError(`'${text}' is not a timestamp`);
    return time;
  }
  if (shape.kind !== 'number') return text;
  const number = Number(text);
  if (text.trim() === '' || (Number.isNaN(number) && text !== 'NaN'))
    throw new DecodeError(`'${text}' is not a number`);
  return number;
}
