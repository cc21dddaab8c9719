import { AwsError } from '../../kernel/aws-error.ts';
import type { Rule } from './constraint-checks.ts';
import type { ConstraintPolicy } from './constraint-policies.ts';
import type { Violation } from './find-violations.ts';

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** What is wrong with an input, as its service tells it. */
export function violationError(policy: ConstraintPolicy, violations: readonly Violation[]): AwsError {
  const [first] = violations;
  const message = policy.wording === 'ecr' && first ? registrySentence(first) : frameworkSentence(policy, violations);
  return new AwsError(policy.code, message);
}

function frameworkSentence(policy: ConstraintPolicy, violations: readonly Violation[]): string {
  const each = violations.map(({ path, value, ...violation }) => {
    const shown = policy.showsValues && value !== undefined ? ` '${value}'` : '';
    return `Value${shown} at '${pathText(path)}' failed to satisfy constraint: ${demandOf(policy, violation)}`;
  });
  return `${each.length} validation error${each.length > 1 ? 's' : ''} detected: ${each.join('; ')}`;
}

/** ECR: "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must have length greater than or equal to 2'". */
function registrySentence({ path, rule, of, demands }: Violation): string {
  const demand = of !== 'itself' ? wholeSentence(of, demands.map(ruleSentence)) : registryDemand(rule);
  return `Invalid parameter at '${pathText(path)}' failed to satisfy constraint: '${demand}'`;
}

function registryDemand(rule: Rule): string {
  if (rule.kind === 'pattern') return `must satisfy regular expression '${rule.bound}'`;
  return rule.kind === 'enum' ? ruleSentence(rule) : ruleSentence(rule).replace('Member ', '');
}

const pathText = (path: readonly string[]): string => path.map(lowerFirst).join('.');

function demandOf(
  { showsValues }: ConstraintPolicy,
  { rule, of, demands }: Pick<Violation, 'rule' | 'of' | 'demands'>,
) {
  if (of !== 'itself') return wholeSentence(of, [...demands.map(ruleSentence), 'Member must not be null']);
  // Where a service keeps the value to itself it does so with those that there are.
  return rule.kind === 'enum' && !showsValues ? 'Member must satisfy enum value set' : ruleSentence(rule);
}

const wholes = { items: 'Member', keys: 'Map keys', values: 'Map value' } as const;

const wholeSentence = (of: keyof typeof wholes, sentences: readonly string[]): string =>
  `${wholes[of]} must satisfy constraint: [${sentences.join(', ')}]`;

function ruleSentence({ kind, measure, bound }: Rule): string {
  if (kind === 'pattern') return `Member must satisfy regular expression pattern: ${bound}`;
  if (kind === 'enum') return `Member must satisfy enum value set: ${bound}`;
  return `Member must have ${measure} ${kind === 'most' ? 'less' : 'greater'} than or equal to ${bound}`;
}
