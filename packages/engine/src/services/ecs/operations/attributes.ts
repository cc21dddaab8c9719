import type { Attribute } from '@aws-sdk/client-ecs';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { ecsArn, lastPart, nameOf } from '../arns.ts';
import { invalidParameter } from '../errors.ts';
import { requireCluster } from '../find-rows.ts';
import type { Handler } from '../handler.ts';
import { saveInstance } from '../instances/save-instance.ts';
import { type ContainerInstanceRow, containerInstances } from '../model.ts';
import { page } from '../pages.ts';
import { merged } from './register-instance.ts';

const attributes_max = 10;

/** The only targets that attributes have are container instances, given by ARN or, with `targetType`, by id. */
export const putAttributes: Handler<'PutAttributes'> = ({ cluster, attributes }, context) => {
  check(attributes);
  for (const attribute of attributes) {
    if (!attribute.name || !/^[\w./\\-]{1,128}$/.test(attribute.name))
      throw invalidParameter('Invalid attribute name.');
    const row = requireTarget(cluster, attribute, context);
    saveInstance(context, { ...row, attributes: merged(row.attributes, [attribute]) }, `has ${attribute.name}`);
  }
  return { attributes };
};

export const deleteAttributes: Handler<'DeleteAttributes'> = ({ cluster, attributes }, context) => {
  check(attributes);
  for (const attribute of attributes) {
    const row = requireTarget(cluster, attribute, context);
    const left = row.attributes.filter(
      ({ name, value }) => name !== attribute.name || (attribute.value !== undefined && value !== attribute.value),
    );
    saveInstance(context, { ...row, attributes: left }, `has no ${attribute.name} any more`);
  }
  return { attributes };
};

export const listAttributes: Handler<'ListAttributes'> = (input, context) => {
  const { clusterArn } = requireCluster(context, input.cluster);
  const all = context.store
    .table(containerInstances)
    .by('cluster', clusterArn)
    .filter(({ status }) => status !== 'INACTIVE')
    .flatMap(({ containerInstanceArn, attributes }) =>
      attributes.map((attribute) => ({ ...attribute, targetId: containerInstanceArn })),
    )
    .filter(({ name }) => input.attributeName === undefined || name === input.attributeName)
    .filter(({ value }) => input.attributeValue === undefined || value === input.attributeValue);
  const { items, ...rest } = page(all, input);
  return { attributes: items, ...rest };
};

function check(attributes: readonly Attribute[]): void {
  if (attributes.length === 0) throw invalidParameter('Attributes cannot be empty.');
  if (attributes.length > attributes_max) throw invalidParameter(`You can specify up to ${attributes_max} attributes.`);
}

function requireTarget(cluster: string | undefined, { targetId }: Attribute, context: Context): ContainerInstanceRow {
  const { clusterArn } = requireCluster(context, cluster);
  if (!targetId) throw invalidParameter('targetId cannot be empty.');
  const arn = ecsArn(context.scope, 'container-instance', lastPart(clusterArn), nameOf(targetId));
  const row = context.store.table(containerInstances).get(arn);
  if (!row || row.status === 'INACTIVE')
    throw new AwsError('TargetNotFoundException', 'The specified target could not be found.');
  return row;
}
