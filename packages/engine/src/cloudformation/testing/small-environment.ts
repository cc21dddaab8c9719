import type { ResourceValues } from '../template/environment.ts';
import { parseTemplate } from '../template/parse-template.ts';
import { environmentOf } from '../template/resolve.ts';

/** An environment for tests of functions: a stack `app` in us-east-1, with what is given. */
export function smallEnvironment(
  given: {
    readonly parameters?: Readonly<Record<string, unknown>>;
    readonly resources?: Readonly<Record<string, ResourceValues>>;
    readonly exports?: Readonly<Record<string, string>>;
    readonly template?: object;
  } = {},
) {
  const template = parseTemplate(JSON.stringify({ Resources: { A: { Type: 'AWS::SNS::Topic' } }, ...given.template }));
  return environmentOf(template, {
    identity: {
      scope: { account: '000000000000', region: 'us-east-1' },
      stackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/app/1',
      stackName: 'app',
    },
    parameters: given.parameters ?? {},
    resource: (id) => given.resources?.[id],
    exported: (name) => given.exports?.[name],
    zones: (region) => ['a', 'b'].map((zone) => `${region}${zone}`),
  });
}

export const made = (id: unknown, attributes: Readonly<Record<string, unknown>> = {}): ResourceValues => ({
  id,
  attribute: (name) => attributes[name],
});
