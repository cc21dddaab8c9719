import type { RedirectAction } from '../routing-table.ts';

/** What the placeholders of a redirect stand for. */
export interface RedirectSource {
  readonly protocol: string;
  /** Without port. */
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly query: string | undefined;
}

/** The Location of a redirect. ALB always writes the port, and the query only when there is one. */
export function redirectLocation(action: RedirectAction, source: RedirectSource): string {
  const fill = (template: string): string =>
    template.replace(/#\{(protocol|host|port|path|query)\}/g, (_, name: string) => placeholder(name, source));
  const protocol = fill(action.protocol ?? '#{protocol}').toLowerCase();
  const host = fill(action.host ?? '#{host}');
  const port = fill(action.port ?? '#{port}');
  const path = fill(action.path ?? '/#{path}');
  const query = fill(action.query ?? '#{query}');
  return `${protocol}://${host}:${port}${path}${query === '' ? '' : `?${query}`}`;
}

function placeholder(name: string, source: RedirectSource): string {
  switch (name) {
    case 'protocol':
      return source.protocol;
    case 'host':
      return source.host;
    case 'port':
      return String(source.port);
    case 'path':
      // The leading slash is written by the template: `/#{path}`.
      return source.path.replace(/^\//, '');
    default:
      return source.query ?? '';
  }
}
