import { RememberedMany } from '../kernel/remembered-many.ts';
import { conditionsHold } from './conditions.ts';
import { type Keys, listOf, type PolicyText, type StatementText } from './document.ts';
import { type Naming, named, type Principal } from './principals.ts';
import { substitute, substitutedPattern } from './variables.ts';
import { actionPattern, arnPattern, type Pattern } from './wildcards.ts';

/** One thing that somebody wants to do to one resource. */
export interface Deed {
  /** `ecs:UpdateService` */
  readonly action: string;
  /** An ARN, or `*` where the action has none. */
  readonly resource: string;
  readonly principal: Principal;
  readonly keys: Keys;
}

/** A statement that can be asked. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly text: StatementText;
  /** Undefined where the statement has nothing to say of the deed. */
  applies(deed: Deed): Naming | 'unnamed' | undefined;
}

const parsed = new RememberedMany<readonly Statement[]>(2000);

/** The statements of a document, read once for each text; the same roles act again and again. */
export const statementsOf = (document: string): readonly Statement[] =>
  parsed.get(document, (text) => listOf((JSON.parse(text) as PolicyText).Statement).map(compile));

function compile(text: StatementText): Statement {
  const actions = listOf(text.Action ?? text.NotAction).map(actionPattern);
  const negated = text.Action === undefined;
  const resourceIs = compileResources(text);
  return {
    effect: text.Effect === 'Allow' ? 'Allow' : 'Deny',
    text,
    applies(deed) {
      if (actions.some((matches) => matches(deed.action)) === negated) return undefined;
      if (!resourceIs(deed)) return undefined;
      const naming = namingOf(text, deed.principal);
      return naming !== undefined && conditionsHold(text.Condition, deed.keys) ? naming : undefined;
    },
  };
}

/** A trust policy has no resource: it stands for the role that it is of. */
function compileResources({ Resource, NotResource }: StatementText): (deed: Deed) => boolean {
  if (Resource === undefined && NotResource === undefined) return () => true;
  const among = resourceMatcher(listOf(Resource ?? NotResource));
  return Resource === undefined ? (deed) => !among(deed) : among;
}

function resourceMatcher(texts: readonly string[]): (deed: Deed) => boolean {
  const fixed: Pattern[] = texts.filter((text) => !text.includes('${')).map(arnPattern);
  const varying = texts.filter((text) => text.includes('${'));
  return ({ resource, keys }) =>
    fixed.some((matches) => matches(resource)) ||
    varying.some((text) => {
      const replaced = substitute(text, keys);
      return replaced !== undefined && substitutedPattern(replaced, arnPattern)(resource);
    });
}

function namingOf({ Principal, NotPrincipal }: StatementText, who: Principal): Naming | 'unnamed' | undefined {
  if (Principal !== undefined) return named(Principal, who);
  if (NotPrincipal === undefined) return 'unnamed';
  return named(NotPrincipal, who) === undefined ? 'everybody' : undefined;
}
