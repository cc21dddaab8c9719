import type { Parameter } from '@aws-sdk/client-cloudformation';
import { isNoEcho, type ParameterValues } from '../../cloudformation/template/parameters.ts';
import type { Template } from '../../cloudformation/template/template.ts';
import type { Context } from '../../kernel/context.ts';
import { templateOf } from './definition.ts';
import { stackNotFound } from './errors.ts';
import { type Definition, type Stack, stackProgress, stacks } from './model.ts';
import { goalDefinition } from './stack-work.ts';

/** Finds a stack by its name, or, deleted or not, by its id. */
export function findStack(context: Context, nameOrId: string): Stack | undefined {
  const table = context.store.table(stacks);
  return nameOrId.startsWith('arn:') ? table.get(nameOrId) : table.by('name', nameOrId)[0];
}

export function requireStack(context: Context, nameOrId: string, notFound = stackNotFound): Stack {
  const stack = findStack(context, nameOrId);
  if (!stack) throw notFound(nameOrId);
  return stack;
}

/** A stack as DescribeStacks gives it: what its template and parameters say is read from the definition it has now. */
export function shownStack(context: Context, stack: Stack): Stack {
  const progress = context.store.table(stackProgress).get(stack.StackId);
  if (!progress) return { ...stack, Tags: stack.Tags ?? [] };
  const definition = goalDefinition(context, stack, progress);
  const template = templateOf(definition);
  return {
    ...stack,
    Tags: [...definition.tags],
    Parameters: shownParameters(template, definition.parameters),
    LastOperations: [{ OperationType: progress.operationType, OperationId: progress.operationId }],
    ...(template.description ? { Description: template.description } : {}),
  };
}

export const shownParameters = (template: Template, values: ParameterValues): Parameter[] =>
  Object.entries(template.parameters).flatMap(([name, declaration]) => {
    const value = values[name];
    if (!value) return [];
    const mask = (text: string) => (isNoEcho(declaration) ? '****' : text);
    return [
      {
        ParameterKey: name,
        ParameterValue: mask(value.text),
        ...(value.resolved === undefined ? {} : { ResolvedValue: mask(value.resolved) }),
      },
    ];
  });

/** Hides the values of the definitions' NoEcho parameters in a text that may hold them. */
export function secretMask(...definitions: readonly (Definition | undefined)[]): (text: string) => string {
  const secrets = definitions
    .flatMap((definition) => (definition ? secretsOf(definition) : []))
    .sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, '****'), text);
}

const secretsOf = (definition: Definition): string[] =>
  Object.entries(templateOf(definition).parameters).flatMap(([name, declaration]) => {
    const { text = '', resolved = text } = definition.parameters[name] ?? {};
    return isNoEcho(declaration) && resolved !== '' ? [resolved] : [];
  });
