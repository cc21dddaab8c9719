import type { Tag } from '@aws-sdk/client-cloudformation';
import { missingCapabilities } from '../../cloudformation/capabilities.ts';
import { resourceSchema, resourceTypeExists } from '../../cloudformation/schema/resource-schemas.ts';
import { checkUpdatePolicies } from '../../cloudformation/template/check-policies.ts';
import { checkTemplate, type KnownTypes } from '../../cloudformation/template/check-template.ts';
import {
  type ParameterInput,
  type ParameterValues,
  parameterValues,
} from '../../cloudformation/template/parameters.ts';
import { parseTemplate } from '../../cloudformation/template/parse-template.ts';
import { checkRules } from '../../cloudformation/template/rules.ts';
import type { Template } from '../../cloudformation/template/template.ts';
import { templateGraph } from '../../cloudformation/template/template-graph.ts';
import { isAwsError } from '../../kernel/aws-error.ts';
import type { Context } from '../../kernel/context.ts';
import { insufficientCapabilities, validationError } from './errors.ts';
import { type Definition, definitions, type Stack } from './model.ts';
import { blankEnvironment } from './stack-environment.ts';
import { withoutLoops } from './write-out-loops.ts';

/** What a request says a stack shall be. */
export interface DefinitionRequest {
  readonly stack: Pick<Stack, 'StackId' | 'StackName' | 'NotificationARNs'>;
  readonly templateBody: string;
  /** See `Definition`. */
  readonly processedBody?: string | undefined;
  readonly parameters: readonly ParameterInput[];
  readonly previous: ParameterValues | undefined;
  readonly tags: readonly Tag[];
  readonly capabilities: readonly string[];
}

const types: KnownTypes = {
  exists: resourceTypeExists,
  attributes(type) {
    const schema = resourceTypeExists(type) ? resourceSchema(type) : undefined;
    return !schema || schema.open ? undefined : Object.keys(schema.attributes);
  },
};

const parsed = new WeakMap<Definition, Template>();

/** A definition's template, read once for each definition. */
export function templateOf(definition: Definition): Template {
  const known = parsed.get(definition);
  if (known) return known;
  const template = parseTemplate(definition.processedBody ?? definition.templateBody);
  parsed.set(definition, template);
  return template;
}

/** Reads a template and checks all that does not depend on a stack. */
export function checkedTemplate(templateBody: string): Template {
  const template = parseTemplate(withoutLoops(templateBody) ?? templateBody);
  checkTemplate(template, types);
  checkUpdatePolicies(template);
  return template;
}

/** Checks everything about a definition that can be checked before it is applied, and settles its parameters. */
export function makeDefinition(context: Context, request: DefinitionRequest): Definition {
  const { stack, templateBody } = request;
  const fromStore = (name: string) => storedParameter(context, name);
  const processedBody =
    withoutLoops(request.processedBody ?? templateBody, { ...request, fromStore }) ?? request.processedBody;
  const template = checkedTemplate(processedBody ?? templateBody);
  refuseTransforms(template);
  const missing = missingCapabilities(template, request.capabilities);
  if (missing.length > 0) throw insufficientCapabilities(missing);
  const values = parameterValues(template, request.parameters, request.previous, fromStore);
  const environment = blankEnvironment(context, stack, template, values);
  checkRules(template, environment);
  templateGraph(template, environment.condition);
  const definition: Definition = {
    id: `${stack.StackId}|${context.ids.hex('cloudformation/definition', 12)}`,
    stackId: stack.StackId,
    templateBody,
    ...(processedBody === undefined ? {} : { processedBody }),
    parameters: values,
    tags: request.tags,
  };
  parsed.set(definition, template);
  return definition;
}

/** Macros run as functions in an account; the ones AWS hosts are not here. */
function refuseTransforms({ transforms }: Template): void {
  const [unknown] = transforms.filter((name) => name !== 'AWS::LanguageExtensions');
  if (unknown === undefined) return;
  throw validationError(
    unknown.startsWith('AWS::')
      ? `The transform ${unknown} is not implemented here: expand the template before you deploy it`
      : `No transform named ${unknown} found.`,
  );
}

export function storedParameter(context: Context, name: string): string | undefined {
  try {
    return context.ssm.getParameter({ Name: name }).Parameter?.Value;
  } catch (error) {
    if (isAwsError(error, 'ParameterNotFound') || isAwsError(error, 'ParameterVersionNotFound')) return undefined;
    throw error;
  }
}

export function keepDefinition(context: Context, definition: Definition): Definition {
  return context.store.table(definitions).put(definition.id, definition);
}

export function requireDefinition(context: Context, id: string): Definition {
  const definition = context.store.table(definitions).get(id);
  if (!definition) throw new Error(`the definition ${id} of a stack is gone`);
  return definition;
}
