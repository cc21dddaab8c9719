import { requiredCapabilities } from '../../../cloudformation/capabilities.ts';
import { resourceSchema } from '../../../cloudformation/schema/resource-schemas.ts';
import { isNoEcho } from '../../../cloudformation/template/parameters.ts';
import type { Template } from '../../../cloudformation/template/template.ts';
import type { Context } from '../../../kernel/context.ts';
import { checkedTemplate, requireDefinition } from '../definition.ts';
import { changeSetNotFound, stackDoesNotExist, validationError } from '../errors.ts';
import { changeSetPlans, type Definition, type Handler, type Stack, stackProgress } from '../model.ts';
import type { Ports } from '../ports.ts';
import { templateBodyOf } from '../read-template-body.ts';
import { requireStack } from '../show-stack.ts';
import { goalDefinition } from '../stack-work.ts';
import { findChangeSet } from './describe-change-sets.ts';

export const getTemplate: Handler<'GetTemplate'> = ({ StackName, ChangeSetName, TemplateStage }, context) => {
  // Where no macro has worked on a template, the processed one is the original one.
  const stage = ({ templateBody, processedBody }: Definition) =>
    TemplateStage === 'Processed' ? (processedBody ?? templateBody) : templateBody;
  const StagesAvailable = ['Original' as const, 'Processed' as const];
  if (ChangeSetName !== undefined) {
    const id = findChangeSet(context, { ChangeSetName, StackName })?.ChangeSetId;
    const plan = id === undefined ? undefined : context.store.table(changeSetPlans).get(id);
    if (!plan) throw changeSetNotFound(ChangeSetName);
    return { TemplateBody: stage(plan.definition), StagesAvailable };
  }
  const stack = requireStack(context, StackName ?? '');
  const definition = definitionOf(context, stack);
  return { TemplateBody: definition ? stage(definition) : '', StagesAvailable };
};

/** Of a stack that only waits for the review of its first change set there is no template yet. */
function definitionOf(context: Context, stack: Stack): Definition | undefined {
  const progress = context.store.table(stackProgress).get(stack.StackId);
  return progress && goalDefinition(context, stack, progress);
}

export const getTemplateSummary =
  (ports: Ports): Handler<'GetTemplateSummary'> =>
  (input, context) => {
    const body = templateBodyOf(context, ports, input) ?? ofStack(context, input.StackName);
    const template = checkedTemplate(body);
    const { capabilities, reason } = requiredCapabilities(template);
    const types = Object.values(template.resources).map(({ Type }) => Type);
    return {
      Parameters: Object.entries(template.parameters).map(([ParameterKey, declaration]) => ({
        ParameterKey,
        ParameterType: declaration.Type,
        NoEcho: isNoEcho(declaration),
        ParameterConstraints: declaration.AllowedValues ? { AllowedValues: declaration.AllowedValues.map(String) } : {},
        ...(declaration.Default === undefined ? {} : { DefaultValue: String(declaration.Default) }),
        ...(declaration.Description ? { Description: declaration.Description } : {}),
      })),
      ResourceTypes: types,
      ResourceIdentifierSummaries: identifiers(template),
      Capabilities: [...capabilities],
      DeclaredTransforms: [...template.transforms],
      ...(reason ? { CapabilitiesReason: reason } : {}),
      ...(template.description ? { Description: template.description } : {}),
      ...(template.version ? { Version: template.version } : {}),
      ...(template.metadata ? { Metadata: JSON.stringify(template.metadata) } : {}),
    };
  };

function ofStack(context: Context, name: string | undefined): string {
  if (name === undefined) throw validationError('Either Template URL or Template Body must be specified.');
  const stack = requireStack(context, name, stackDoesNotExist);
  const progress = context.store.table(stackProgress).get(stack.StackId);
  if (!progress) throw stackDoesNotExist(name);
  return requireDefinition(context, progress.definitionId).templateBody;
}

function identifiers({ resources }: Template) {
  const types = [...new Set(Object.values(resources).map(({ Type }) => Type))];
  return types.flatMap((ResourceType) => {
    const { identifier = [] } = resourceSchema(ResourceType);
    const LogicalResourceIds = Object.entries(resources).flatMap(([id, { Type }]) =>
      Type === ResourceType ? [id] : [],
    );
    return identifier.length > 0 ? [{ ResourceType, LogicalResourceIds, ResourceIdentifiers: [...identifier] }] : [];
  });
}

export const validateTemplate =
  (ports: Ports): Handler<'ValidateTemplate'> =>
  (input, context) => {
    const body = templateBodyOf(context, ports, input);
    if (body === undefined) throw validationError('Either Template URL or Template Body must be specified.');
    const template = checkedTemplate(body);
    const { capabilities, reason } = requiredCapabilities(template);
    return {
      Parameters: Object.entries(template.parameters).map(([ParameterKey, declaration]) => ({
        ParameterKey,
        NoEcho: isNoEcho(declaration),
        ...(declaration.Default === undefined ? {} : { DefaultValue: String(declaration.Default) }),
        ...(declaration.Description ? { Description: declaration.Description } : {}),
      })),
      Capabilities: [...capabilities],
      DeclaredTransforms: [...template.transforms],
      ...(reason ? { CapabilitiesReason: reason } : {}),
      ...(template.description ? { Description: template.description } : {}),
    };
  };
