/** What SEARCH looks for, parsed. */
export interface SearchQuery {
  readonly schema?: { readonly namespace: string; readonly dimensions: readonly string[] };
  readonly term?: SearchTerm;
}

export type SearchTerm =
  | { readonly is: 'and'; readonly terms: readonly SearchTerm[] }
  | { readonly is: 'or'; readonly terms: readonly SearchTerm[] }
  | { readonly is: 'not'; readonly term: SearchTerm }
  | { readonly is: 'match'; readonly property?: string; readonly text: string; readonly isExact: boolean };

/** A metric, as far as a search looks at it. */
export interface Searched {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

const piece = /\s*(?:([()])|(?:([\w:.-]+|"(?:[^"\\]|\\.)+")\s*=\s*)?("(?:[^"\\]|\\.)*"|[^\s()"=,]+)|(,))/y;

interface Piece {
  readonly sign?: string;
  readonly property?: string;
  readonly text?: string;
  readonly isExact?: boolean;
}

/** Parses `{AWS/ECS, ServiceName} MetricName="CPUUtilization" NOT web`; throws a sentence that says what is wrong. Source: CloudWatch user guide, "Search expression syntax". */
export function parseSearch(source: string): SearchQuery {
  const [whole, inner] = /^\s*\{([^}]*)\}\s*,?/.exec(source) ?? [];
  const rest = source.slice(whole?.length ?? 0);
  const [namespace, ...dimensions] = (inner?.match(/"[^"]*"|[^,\s][^,]*/g) ?? []).map((name) => unquoted(name.trim()));
  const term = rest.trim() === '' ? undefined : new TermParser(piecesOf(rest)).whole();
  if (!namespace && !term) throw new SyntaxError('a search needs a metric schema, a search term or both');
  return { ...(namespace ? { schema: { namespace, dimensions } } : {}), ...(term ? { term } : {}) };
}

const unquoted = (text: string) => (text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text);

function piecesOf(source: string): Piece[] {
  const pieces: Piece[] = [];
  const end = source.trimEnd().length;
  piece.lastIndex = 0;
  while (piece.lastIndex < end) {
    const at = piece.lastIndex;
    const [found, sign, property, text] = piece.exec(source) ?? [];
    if (found === undefined)
      throw new SyntaxError(`cannot read the search from ${JSON.stringify(source.slice(at, at + 20))}`);
    if (sign) pieces.push({ sign });
    else if (text)
      pieces.push({
        text: unquoted(text),
        isExact: text.startsWith('"'),
        ...(property ? { property: unquoted(property) } : {}),
      });
  }
  return pieces;
}

class TermParser {
  readonly #pieces: readonly Piece[];
  #position = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  whole(): SearchTerm {
    const term = this.#either();
    if (this.#position < this.#pieces.length) throw new SyntaxError('a bracket of the search is not opened');
    return term;
  }

  #isWord(word: string): boolean {
    const next = this.#pieces[this.#position];
    return next?.text === word && !next.isExact && !next.property;
  }

  #either(): SearchTerm {
    const terms = [this.#both()];
    while (this.#isWord('OR')) {
      this.#position++;
      terms.push(this.#both());
    }
    return joined('or', terms);
  }

  /** Terms side by side are meant together, as with AND. */
  #both(): SearchTerm {
    const terms = [this.#one()];
    for (;;) {
      const next = this.#pieces[this.#position];
      if (!next || next.sign === ')' || this.#isWord('OR')) return joined('and', terms);
      if (this.#isWord('AND')) this.#position++;
      terms.push(this.#one());
    }
  }

  #one(): SearchTerm {
    if (this.#isWord('NOT')) {
      this.#position++;
      return { is: 'not', term: this.#one() };
    }
    const next = this.#pieces[this.#position++];
    if (next?.sign === '(') {
      const term = this.#either();
      if (this.#pieces[this.#position++]?.sign !== ')') throw new SyntaxError('a bracket of the search is not closed');
      return term;
    }
    if (next?.text === undefined) throw new SyntaxError('the search ends too early');
    const { property, text, isExact = false } = next;
    return { is: 'match', text, isExact, ...(property ? { property } : {}) };
  }
}

const joined = (is: 'and' | 'or', terms: readonly SearchTerm[]): SearchTerm =>
  terms.length === 1 && terms[0] ? terms[0] : { is, terms };

export function matchesSearch({ schema, term }: SearchQuery, metric: Searched): boolean {
  if (schema) {
    const names = metric.dimensions.map(({ Name }) => Name);
    const isSame = names.length === schema.dimensions.length && schema.dimensions.every((name) => names.includes(name));
    if (metric.namespace !== schema.namespace || !isSame) return false;
  }
  return !term || matchesTerm(term, metric);
}

function matchesTerm(term: SearchTerm, metric: Searched): boolean {
  if (term.is === 'not') return !matchesTerm(term.term, metric);
  if (term.is === 'and') return term.terms.every((part) => matchesTerm(part, metric));
  if (term.is === 'or') return term.terms.some((part) => matchesTerm(part, metric));
  return textsOf(metric, term.property).some((text) =>
    term.isExact ? text === term.text : matchesPartly(term.text, text),
  );
}

function textsOf({ namespace, name, dimensions }: Searched, property: string | undefined): string[] {
  if (property === 'MetricName') return [name];
  if (property === 'Namespace') return [namespace];
  if (property !== undefined) return dimensions.flatMap(({ Name, Value }) => (Name === property ? [Value] : []));
  return [namespace, name, ...dimensions.flatMap(({ Name, Value }) => [Name, Value])];
}

/** A single token is found whatever its case; several in a row must be so in the original, too. */
function matchesPartly(wanted: string, text: string): boolean {
  const [parts, of] = [tokensOf(wanted), tokensOf(text)];
  if (parts.length === 0) return false;
  if (parts.join('').toLowerCase() === of.join('').toLowerCase()) return true;
  if (parts.length === 1) {
    const token = parts[0]?.toLowerCase();
    return of.some((other) => other.toLowerCase() === token);
  }
  return of.some((_, start) => parts.every((part, index) => of[start + index] === part));
}

/** `CustomCount1` is Custom, Count and 1; what is neither letter nor digit separates. */
export const tokensOf = (text: string): string[] => text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? [];
