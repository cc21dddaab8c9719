import type { Environment } from '../../../cloudformation/template/environment.ts';
import { callsMacros, expandMacros, macroFragment, macroParameters } from '../../../cloudformation/template/macros.ts';
import { parameterValues, referencedValues } from '../../../cloudformation/template/parameters.ts';
import { parseTemplate } from '../../../cloudformation/template/parse-template.ts';
import { readTemplate } from '../../../cloudformation/template/read-template.ts';
import { resolve } from '../../../cloudformation/template/resolve.ts';
import type { Fields } from '../../../cloudformation/template/template.ts';
import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import type { Output, WaitingHandler } from '../../../kernel/operation.ts';
import { requireDefinition, storedParameter } from '../definition.ts';
import { insufficientCapabilities, validationError } from '../errors.ts';
import { type In, type Sdk, stackProgress } from '../model.ts';
import type { Ports } from '../ports.ts';
import { templateBodyOf } from '../read-template-body.ts';
import { findStack } from '../show-stack.ts';
import { blankEnvironment } from '../stack-environment.ts';
import { type Expanded, macros } from './model.ts';

type Operation = 'CreateStack' | 'UpdateStack' | 'CreateChangeSet';

/** What the operations' inputs have in common. */
type Asked = Pick<
  In<'UpdateStack'>,
  'StackName' | 'TemplateBody' | 'TemplateURL' | 'UsePreviousTemplate' | 'Parameters' | 'Capabilities'
>;

/** An operation that takes a template, and what becomes of it when a macro fails. */
export interface Templated<Name extends Operation> {
  readonly handler: (input: In<Name> & Expanded, context: Context) => Output<Sdk, Name>;
  readonly fail: (input: In<Name>, context: Context, reason: string) => Output<Sdk, Name>;
  /** A change set shows what macros have made of the template, so that nobody needs to consent to it beforehand. */
  readonly needsConsent: boolean;
}

/** Has the macros of a request's template work on it before the operation; without macros it is as if this were not there. */
export const withMacros = <Name extends Operation>(
  ports: Ports,
  templated: Templated<Name>,
): WaitingHandler<Sdk, Name, Context> => ({
  waits(input, context) {
    const asked = input as unknown as Asked;
    const task = context.turn((turn) => macroTask(turn, ports, asked));
    if (!task) return context.turn((turn) => templated.handler(input, turn));
    if (templated.needsConsent && !asked.Capabilities?.includes('CAPABILITY_AUTO_EXPAND'))
      throw insufficientCapabilities(['CAPABILITY_AUTO_EXPAND']);
    return expanded(input, context, ports, templated, task);
  },
});

interface MacroTask {
  readonly template: Fields;
  /** What Ref gives for the template's parameters. */
  readonly values: Fields;
  /** What is known before there is a stack. */
  readonly environment: Environment;
}

/** Stands for the resources of a template whose own may only come from macros. */
const noResources = { Nothing: { Type: 'AWS::CloudFormation::WaitConditionHandle' } };

/** Undefined where there is nothing to do; a template that is none is the operation's to refuse. */
function macroTask(context: Context, ports: Ports, input: Asked): MacroTask | undefined {
  const stack = findStack(context, input.StackName);
  const progress = context.store.table(stackProgress).get(stack?.StackId ?? '');
  const before = progress && requireDefinition(context, progress.definitionId);
  const previous = input.UsePreviousTemplate ? before?.templateBody : undefined;
  const body = previous ?? templateBodyOf(context, ports, input);
  if (!body?.includes('Transform')) return undefined;
  const template = readTemplate(body);
  if (!callsMacros(template)) return undefined;
  const { Parameters = {}, Mappings = {}, Conditions = {} } = template;
  const parsed = parseTemplate(JSON.stringify({ Parameters, Mappings, Conditions, Resources: noResources }));
  const parameters = parameterValues(parsed, input.Parameters ?? [], before?.parameters, (name) => {
    return storedParameter(context, name);
  });
  const identity = stack ?? { StackId: '', StackName: input.StackName };
  return {
    template,
    values: referencedValues(parsed, parameters),
    environment: blankEnvironment(context, identity, parsed, parameters),
  };
}

async function expanded<Name extends Operation>(
  input: In<Name>,
  context: Context,
  ports: Ports,
  { handler, fail }: Templated<Name>,
  { template, values, environment }: MacroTask,
): Promise<Output<Sdk, Name>> {
  try {
    const processed = await expandMacros(template, ({ name, parameters, fragment }) => {
      const params = macroParameters(name, parameters, (value) => resolve(value, environment));
      return runMacro(context, ports, { name, params, fragment, values });
    });
    return context.turn((turn) => handler({ ...input, processedTemplate: JSON.stringify(processed) }, turn));
  } catch (error) {
    if (!isAwsError(error, 'ValidationError') || !ofTemplate.test(error.message)) throw error;
    const reason = error.message;
    return context.turn((turn) => fail(input, turn, reason));
  }
}

/** Reasons that the operation tells when it is under way, and not in its answer. */
const ofTemplate = /^(Transform |Template |Received malformed response|No transform named|The value of parameter)/;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-author.html */
async function runMacro(
  context: Context,
  { invoke }: Ports,
  call: { readonly name: string; readonly params: Fields; readonly fragment: unknown; readonly values: Fields },
): Promise<unknown> {
  const { account, region } = context.scope;
  const transformId = `${account}::${call.name}`;
  const macro = context.store.table(macros).get(call.name);
  if (!macro || !invoke) throw validationError(`No transform named ${transformId} found.`);
  const event = {
    region,
    accountId: account,
    fragment: call.fragment,
    transformId,
    params: call.params,
    requestId: context.ids.uuid('cloudformation/macro'),
    templateParameterValues: call.values,
  };
  return macroFragment(transformId, await answerOf(() => invoke(context, macro.functionName, JSON.stringify(event))));
}

/** A function that fails, or is not there, has answered nothing. */
async function answerOf(ask: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isAwsError(error)) return undefined;
    throw error;
  }
}
