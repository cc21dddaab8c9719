import { isCustom } from '../../cloudformation/schema/resource-schemas.ts';
import { type Environment, notKnown, type ResourceValues } from '../../cloudformation/template/environment.ts';
import { type ParameterValues, referencedValues } from '../../cloudformation/template/parameters.ts';
import { environmentOf } from '../../cloudformation/template/resolve.ts';
import type { Template } from '../../cloudformation/template/template.ts';
import type { Context } from '../../kernel/context.ts';
import { validationError } from './errors.ts';
import { exportedValues, type ResourceRow, type Stack } from './model.ts';

type Identity = Pick<Stack, 'StackId' | 'StackName' | 'NotificationARNs'>;

/** What a stack's functions are resolved against; `resource` says what is known of its resources. */
export function stackEnvironment(
  context: Context,
  stack: Identity,
  template: Template,
  parameters: ParameterValues,
  resource: (logicalId: string) => ResourceValues | undefined,
): Environment {
  const { StackId: stackId, StackName: stackName, NotificationARNs: notificationArns = [] } = stack;
  return environmentOf(template, {
    identity: { scope: context.scope, stackId, stackName, notificationArns },
    parameters: referencedValues(template, parameters),
    resource,
    exported: (name) => context.store.table(exportedValues).get(name)?.value,
    zones: (region) => zones(context, region),
  });
}

/** Before anything is made: every resource is there, and nothing is known of it. */
export const blankEnvironment = (
  context: Context,
  stack: Identity,
  template: Template,
  parameters: ParameterValues,
): Environment =>
  stackEnvironment(context, stack, template, parameters, (id) =>
    Object.hasOwn(template.resources, id) ? { id: notKnown, attribute: () => notKnown } : undefined,
  );

/** A resource as its row has it. */
export const valuesOf = ({ physicalId, attributes, ...row }: ResourceRow): ResourceValues => ({
  id: physicalId,
  attribute(name) {
    if (Object.hasOwn(attributes, name)) return attributes[name];
    if (isCustom(row.type)) throw noVendorAttribute(row, name);
    return attributeInside(attributes, name);
  },
});

/** CloudFormation does not look into what a provider has answered: `a.b` must be a key of its own. */
const noVendorAttribute = (
  { stackId, logicalId, requestToken }: Pick<ResourceRow, 'stackId' | 'logicalId' | 'requestToken'>,
  name: string,
) =>
  validationError(
    `CustomResource attribute error: Vendor response doesn't contain ${name} attribute in object ${stackId}|${logicalId}|${requestToken}`,
  );

/** `Endpoint.Address` may be kept as one name, or as a structure. */
function attributeInside(attributes: Readonly<Record<string, unknown>>, name: string): unknown {
  const parts = name.split('.');
  return parts.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined,
    attributes,
  );
}

const zones = (context: Context, region: string): string[] =>
  (context.in({ region }).ec2.describeAvailabilityZones({}).AvailabilityZones ?? []).flatMap(({ ZoneName }) =>
    ZoneName ? [ZoneName] : [],
  );
