/** Whose document: an identity's permissions, or a role's trust. */
export type DocumentKind = 'identity' | 'trust';

const versions = ['2012-10-17', '2008-10-17'];

/** What is wrong with a policy document, in IAM's words; undefined where nothing is. */
export function documentProblem(text: string, kind: DocumentKind): string | undefined {
  const document = parse(text);
  if (!isRecord(document)) return kind === 'trust' ? 'This policy contains invalid Json' : 'Syntax errors in policy.';
  const { Version, Statement } = document;
  if (Version !== undefined && !versions.includes(String(Version)))
    return 'Policy document must be version 2012-10-17 or greater.';
  const statements = Array.isArray(Statement) ? Statement : [Statement];
  if (Statement === undefined || !statements.every(isRecord)) return 'Syntax errors in policy.';
  for (const statement of statements) {
    const problem = statementProblem(statement, kind);
    if (problem) return problem;
  }
  const ids = statements.map(({ Sid }) => Sid).filter((sid) => sid !== undefined && sid !== '');
  return new Set(ids).size < ids.length ? 'Statement IDs (SID) in a single policy must be unique.' : undefined;
}

function statementProblem(statement: Readonly<Record<string, unknown>>, kind: DocumentKind): string | undefined {
  const has = (key: string) => statement[key] !== undefined;
  if (statement['Effect'] !== 'Allow' && statement['Effect'] !== 'Deny') return 'Syntax errors in policy.';
  if (Object.keys(statement).some((key) => !statementKeys.has(key))) return 'Syntax errors in policy.';
  if (!has('Action') && !has('NotAction')) return 'Policy statement must contain actions.';
  if (kind === 'trust') {
    if (has('Resource') || has('NotResource')) return 'Has prohibited field Resource';
    if (!has('Principal') && !has('NotPrincipal')) return 'Missing required field Principal';
    const actions = [statement['Action'] ?? []].flat();
    return actions.every((action) => /^(sts:|\*$)/i.test(String(action)))
      ? undefined
      : 'AssumeRole policy may only specify STS AssumeRole actions.';
  }
  if (has('Principal') || has('NotPrincipal')) return 'Policy document should not specify a principal.';
  if (!has('Resource') && !has('NotResource')) return 'Policy statement must contain resources.';
  return actionProblem(statement);
}

/** An action is `service:Name`, with wildcards, or a lone star. */
function actionProblem({ Action, NotAction }: Readonly<Record<string, unknown>>): string | undefined {
  const actions = [Action ?? [], NotAction ?? []].flat(2).map(String);
  if (actions.every((action) => action === '*' || /^[\w-]+:[\w*?-]+$/.test(action))) return undefined;
  return actions.every((action) => action.includes(':'))
    ? 'Actions/Condition can contain only one colon.'
    : 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
}

const statementKeys = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
