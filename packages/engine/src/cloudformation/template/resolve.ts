import { evaluate } from './condition-functions.ts';
import { type Environment, environmentWith, notKnown, noValue, type Surroundings } from './environment.ts';
import { functions } from './functions.ts';
import { functionName, isFields, type Template, templateError } from './template.ts';

/**
 * Replaces every function in a value by what it stands for. The answer may hold `notKnown` where it depends on what does not exist yet;
 * properties and items that resolve to `AWS::NoValue` are gone.
 */
export function resolve(value: unknown, environment: Environment): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, environment)).filter((item) => item !== noValue);
  if (!isFields(value)) return value;
  const name = functionName(value);
  // `Condition` is a function only inside conditions; elsewhere it is a user's key (IAM policies have it).
  if (name === undefined || name === 'Condition') return resolveFields(value, environment);
  const known = functions[name];
  if (!known)
    throw templateError(
      `Template error: Encountered unsupported function: ${name} Supported functions are: [${Object.keys(functions).join(', ')}]`,
    );
  return known(value[name], environment, resolve);
}

const resolveFields = (value: Readonly<Record<string, unknown>>, environment: Environment): unknown =>
  Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, resolve(inner, environment)] as const)
      .filter(([, inner]) => inner !== noValue),
  );

export const environmentOf = (template: Template, around: Surroundings): Environment =>
  environmentWith(holds, template, around);

/** Whether a condition holds. */
export const holds = (condition: unknown, environment: Environment): boolean =>
  evaluate(condition, environment, resolve);

/** Whether anything inside is not known before the stack is applied. */
export function hasUnknown(value: unknown): boolean {
  if (value === notKnown) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasUnknown);
}
