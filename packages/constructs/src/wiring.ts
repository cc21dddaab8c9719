/** One nested stack using what another one gives. */
export interface Wire {
  readonly from: string;
  readonly to: string;
  /** The outputs that feed it; none where one merely has to be there first. */
  readonly outputs: readonly string[];
}

interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
}

interface TemplateResource {
  readonly Type?: string;
  readonly DependsOn?: string | readonly string[];
  readonly Properties?: { readonly Parameters?: Readonly<Record<string, unknown>> };
}

/** Reads from a platform's template which of its nested stacks feeds which, in the order of the template. */
export function readWiring({ Resources = {} }: Template): Wire[] {
  const stacks = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::CloudFormation::Stack');
  const names = new Set(stacks.map(([name]) => name));
  return stacks.flatMap(([to, { DependsOn = [], Properties }]) => {
    const outputs = new Map<string, string[]>();
    for (const [from, output] of Object.values(Properties?.Parameters ?? {}).flatMap(outputsIn)) {
      if (names.has(from)) outputs.set(from, [...(outputs.get(from) ?? []), output]);
    }
    for (const from of [DependsOn].flat()) if (names.has(from) && !outputs.has(from)) outputs.set(from, []);
    return [...outputs].map(([from, used]) => ({ from, to, outputs: used }));
  });
}

/** Every `Fn::GetAtt: [stack, 'Outputs.x']` within a value. */
function outputsIn(value: unknown): [stack: string, output: string][] {
  if (typeof value !== 'object' || value === null) return [];
  if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt'])) {
    const [stack, attribute]: unknown[] = value['Fn::GetAtt'];
    return typeof stack === 'string' && typeof attribute === 'string' && attribute.startsWith('Outputs.')
      ? [[stack, attribute.slice('Outputs.'.length)]]
      : [];
  }
  return Object.values(value).flatMap(outputsIn);
}
