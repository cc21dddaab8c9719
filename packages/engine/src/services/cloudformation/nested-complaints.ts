import type { ResourceChange } from '../../cloudformation/change-set.ts';
import { checkProperties } from '../../cloudformation/schema/check-properties.ts';
import { resourceSchema } from '../../cloudformation/schema/resource-schemas.ts';
import { type Environment, notKnown } from '../../cloudformation/template/environment.ts';
import { environmentOf, resolve } from '../../cloudformation/template/resolve.ts';
import { type Fields, isFields, type Template } from '../../cloudformation/template/template.ts';
import { isAwsError } from '../../kernel/aws-error.ts';
import type { Context } from '../../kernel/context.ts';
import { nestedStackType } from './call-handler.ts';
import { checkedTemplate } from './definition.ts';
import type { ValidationComplaint } from './model.ts';
import type { Ports } from './ports.ts';
import { readTemplateUrl } from './read-template-body.ts';

/** What is wrong in the templates of the nested stacks that a change would make or alter, and in theirs. Parameters that are not known yet are taken on trust. */
export function nestedComplaints(
  context: Context,
  ports: Ports,
  changes: readonly Pick<ResourceChange, 'logicalId' | 'type' | 'after'>[],
): ValidationComplaint[] {
  return changes.flatMap(({ logicalId, type, after = {} }) => {
    const url = after['TemplateURL'];
    if (type !== nestedStackType || typeof url !== 'string') return [];
    try {
      const template = checkedTemplate(readTemplateUrl(context, ports, url));
      const parameters: Fields = isFields(after['Parameters']) ? after['Parameters'] : {};
      return inTemplate(context, ports, logicalId, template, parameters);
    } catch (error) {
      if (!isAwsError(error)) throw error;
      return [{ logicalId, type, path: `/Resources/${logicalId}`, message: error.message }];
    }
  });
}

function inTemplate(
  context: Context,
  ports: Ports,
  parent: string,
  template: Template,
  parameters: Fields,
): ValidationComplaint[] {
  const environment = trustingEnvironment(context, template, parameters);
  const found = Object.entries(template.resources).flatMap(([id, { Type, Properties = {} }]) => {
    const properties = resolvedOrUnknown(Properties, environment);
    if (!isFields(properties)) return [];
    const { complaints, properties: after } = checkProperties(resourceSchema(Type), properties);
    const named = complaints.map(({ path, message }) => ({
      logicalId: `${parent}/${id}`,
      type: Type,
      path: `/Resources/${id}/Properties${path.slice(1)}`,
      message,
    }));
    return [...named, ...nestedComplaints(context, ports, [{ logicalId: `${parent}/${id}`, type: Type, after }])];
  });
  return found;
}

/** A parameter is what the parent gives, or its default, or not known; so is everything that depends on it. */
function trustingEnvironment(context: Context, template: Template, parameters: Fields): Environment {
  const values = Object.fromEntries(
    Object.entries(template.parameters).map(([name, { Default, Type }]) => {
      const given = parameters[name] ?? Default;
      const plain = typeof given === 'string' && (Type === 'String' || Type === 'Number');
      return [name, plain ? given : notKnown];
    }),
  );
  return environmentOf(template, {
    identity: { scope: context.scope, stackId: 'nested', stackName: 'nested' },
    parameters: values,
    resource: () => ({ id: notKnown, attribute: () => notKnown }),
    exported: () => notKnown,
    zones: () => ['a', 'b', 'c'].map((zone) => `${context.scope.region}${zone}`),
  });
}

/** What cannot be resolved for want of a parameter is left for the nested stack itself to find out. */
function resolvedOrUnknown(value: unknown, environment: Environment): unknown {
  try {
    return resolve(value, environment);
  } catch (error) {
    if (isAwsError(error)) return notKnown;
    throw error;
  }
}
