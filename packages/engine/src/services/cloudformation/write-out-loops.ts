import { writeOutLoops } from '../../cloudformation/template/for-each.ts';
import type { ParameterInput, ParameterValues } from '../../cloudformation/template/parameters.ts';
import { readTemplate } from '../../cloudformation/template/read-template.ts';
import { isFields } from '../../cloudformation/template/template.ts';

/** What a request says of parameters; without it, their defaults hold. */
export interface GivenParameters {
  readonly parameters: readonly ParameterInput[];
  readonly previous: ParameterValues | undefined;
  readonly fromStore: (name: string) => string | undefined;
}

/** The text of a template with its loops written out; undefined where it has none. */
export function withoutLoops(body: string, given?: GivenParameters): string | undefined {
  if (!body.includes('Fn::ForEach')) return undefined;
  const template = readTemplate(body);
  const written = writeOutLoops(template, (name) => listOf(template['Parameters'], name, given));
  return written && JSON.stringify(written);
}

/** Whether the value is one that its declaration allows is checked when all parameters are settled. */
function listOf(declarations: unknown, name: string, given: GivenParameters | undefined): string[] | undefined {
  const declaration = isFields(declarations) ? declarations[name] : undefined;
  if (!isFields(declaration)) return undefined;
  const type = String(declaration['Type']);
  if (!/CommaDelimitedList|List</.test(type)) return undefined;
  const input = given?.parameters.find(({ ParameterKey }) => ParameterKey === name);
  const text = input?.UsePreviousValue
    ? given?.previous?.[name]?.text
    : (input?.ParameterValue ?? (declaration['Default'] === undefined ? undefined : String(declaration['Default'])));
  const value = text !== undefined && type.startsWith('AWS::SSM::') ? given?.fromStore(text) : text;
  return value?.split(',').map((item) => item.trim());
}
