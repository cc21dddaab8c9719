import { header, type WireRequest } from './message.ts';
import type { Labels } from './protocol.ts';
import { decodeUri } from './rest-bindings.ts';
import type { SdkSchemas } from './sdk-schemas.ts';
import type { Operation } from './shapes.ts';

/** One operation's method and URI, taken apart. */
interface Route {
  readonly operation: Operation;
  readonly method: string;
  readonly segments: readonly Segment[];
  /** Parameters that must be in the query, with their value where the model gives one. */
  readonly literals: readonly (readonly [string, string])[];
  /** Required members tell operations apart that share method and URI: UploadPart is PutObject with a part number. */
  readonly neededQuery: readonly string[];
  readonly neededHeaders: readonly string[];
  readonly takesBucket: boolean;
}

interface Segment {
  readonly text: string;
  readonly kind: 'literal' | 'label' | 'greedy';
}

/** Where a request wants to go, as far as its URI says. `bucket` is S3's, taken out of the host or the path. */
export interface RestTarget {
  readonly path: string;
  readonly bucket?: string;
}

export type RestRouter = (
  request: WireRequest,
  target: RestTarget,
) => { readonly operation: Operation; readonly labels: Labels } | undefined;

/** Has the same URI as ListBuckets, but is served by hosts of its own. */
const servedElsewhere = new Set(['ListDirectoryBuckets', 'WriteGetObjectResponse']);

export function restRouter(schemas: SdkSchemas): RestRouter {
  const routes = [...schemas.operations.values()]
    .filter(({ name, traits }) => traits.http && !servedElsewhere.has(name))
    .map(routeOf)
    .sort((a, b) => precision(b) - precision(a));
  const byMethod = Map.groupBy(routes, ({ method }) => method);
  const bucketsMatter = schemas.service === 's3';
  return (request, { path, bucket }) => {
    const parameters = new URLSearchParams(request.query);
    for (const route of byMethod.get(request.method) ?? []) {
      if (bucketsMatter && route.takesBucket !== (bucket !== undefined)) continue;
      const labels = matchSegments(route.segments, path);
      if (!labels || !conditionsHold(route, parameters, request)) continue;
      return { operation: route.operation, labels: bucket === undefined ? labels : { ...labels, Bucket: bucket } };
    }
    return undefined;
  };
}

function routeOf(operation: Operation): Route {
  const [method, uri] = operation.traits.http ?? ['', '', 200];
  const [path = '', query = ''] = uri.split('?');
  const required = operation.input.members.filter((member) => member.required);
  return {
    operation,
    method,
    segments: path.split('/').filter(Boolean).map(segmentOf),
    // The JavaScript SDK names the operation in x-id; no other client does.
    literals: [...new URLSearchParams(query)].filter(([name]) => name !== 'x-id'),
    neededQuery: required.flatMap(({ traits }) => traits.httpQuery ?? []),
    neededHeaders: required.flatMap(({ traits }) => traits.httpHeader?.toLowerCase() ?? []),
    takesBucket: operation.input.byName.has('Bucket'),
  };
}

function segmentOf(text: string): Segment {
  if (!text.startsWith('{')) return { text, kind: 'literal' };
  const name = text.slice(1, -1);
  return name.endsWith('+') ? { text: name.slice(0, -1), kind: 'greedy' } : { text: name, kind: 'label' };
}

/** The more a route asks for, the earlier it is tried. */
function precision({ segments, literals, neededQuery, neededHeaders }: Route): number {
  const count = (kind: Segment['kind']) => segments.filter((segment) => segment.kind === kind).length;
  return (
    count('literal') * 1000 +
    count('label') * 100 -
    count('greedy') * 10 +
    literals.length * 10 +
    neededQuery.length * 2 +
    neededHeaders.length
  );
}

function matchSegments(segments: readonly Segment[], path: string): Labels | undefined {
  const labels: Record<string, string> = {};
  let rest = path.replace(/^\//, '');
  for (const { text, kind } of segments) {
    if (rest === '') return undefined;
    if (kind === 'greedy') {
      labels[text] = decodeUri(rest);
      return labels;
    }
    const end = rest.indexOf('/');
    const part = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 ? '' : rest.slice(end + 1);
    if (kind === 'literal' ? part !== text : part === '') return undefined;
    if (kind === 'label') labels[text] = decodeUri(part);
  }
  return rest === '' ? labels : undefined;
}

const conditionsHold = (route: Route, parameters: URLSearchParams, request: WireRequest): boolean =>
  route.literals.every(([name, value]) => (value === '' ? parameters.has(name) : parameters.get(name) === value)) &&
  route.neededQuery.every((name) => parameters.has(name)) &&
  route.neededHeaders.every((name) => header(request, name) !== undefined);
