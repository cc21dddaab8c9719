import type { Environment } from './environment.ts';
import { holds } from './resolve.ts';
import { type Template, templateError } from './template.ts';

/** Checks a template's rules: every assertion of a rule whose condition holds must hold. */
export function checkRules(template: Template, environment: Environment): void {
  for (const [name, rule] of Object.entries(template.rules)) {
    if (rule.RuleCondition !== undefined && !holds(rule.RuleCondition, environment)) continue;
    for (const { Assert, AssertDescription } of rule.Assertions)
      if (!holds(Assert, environment))
        throw templateError(
          `Template validation error: Rule ${name} failed: ${AssertDescription ?? 'an assertion does not hold'}`,
        );
  }
}
