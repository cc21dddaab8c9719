import { isDeepStrictEqual } from 'node:util';
import { checkProperties, complaintText } from '../../../cloudformation/schema/check-properties.ts';
import { type PropertyChange, replacement } from '../../../cloudformation/schema/property-changes.ts';
import { resourceSchema } from '../../../cloudformation/schema/resource-schemas.ts';
import { resolve } from '../../../cloudformation/template/resolve.ts';
import { isFields, type ResourceDeclaration } from '../../../cloudformation/template/template.ts';
import { isAwsError } from '../../../kernel/aws-error.ts';
import { findHandler, nestedStackType } from '../call-handler.ts';
import { requireDefinition } from '../definition.ts';
import type { ResourceRow } from '../model.ts';
import type { SignalPolicy } from '../signals/plan-waiting.ts';
import type { StackWork } from '../stack-work.ts';
import { creationPolicyOf } from './creation-policy.ts';

/** A resource as the template wants it, in the terms of its row. */
export type Wanted = Pick<
  ResourceRow,
  | 'logicalId'
  | 'type'
  | 'properties'
  | 'dependsOn'
  | 'deletionPolicy'
  | 'updateReplacePolicy'
  | 'metadata'
  | 'requestToken'
> & { readonly signalPolicy?: SignalPolicy };

/** Resolves and checks what the template says; a failure comes in the words of an event. */
export function wantedOf(
  work: StackWork,
  logicalId: string,
  declaration: ResourceDeclaration,
  row: ResourceRow | undefined,
): Wanted | (Wanted & { readonly failed: string }) {
  const wanted: Wanted = {
    logicalId,
    type: declaration.Type,
    properties: row?.properties ?? {},
    dependsOn: work.goal.get(logicalId) ?? [],
    deletionPolicy: 'Delete',
    updateReplacePolicy: 'Delete',
    requestToken: work.context.ids.uuid('cloudformation/request'),
  };
  try {
    const resolved = resolve(declaration.Properties ?? {}, work.environment);
    const policy = (value: unknown) => String(resolve(value ?? 'Delete', work.environment));
    const metadata = resolve(declaration.Metadata, work.environment);
    const { properties, complaints } = checkProperties(
      resourceSchema(declaration.Type),
      isFields(resolved) ? resolved : {},
    );
    const awaited = creationPolicyOf(declaration, resolve(declaration.CreationPolicy, work.environment));
    const complete: Wanted = {
      ...wanted,
      ...(typeof awaited === 'string' ? {} : awaited),
      properties,
      deletionPolicy: policy(declaration.DeletionPolicy),
      updateReplacePolicy: policy(declaration.UpdateReplacePolicy),
      ...(metadata === undefined ? {} : { metadata }),
    };
    const unsupported = typeof awaited === 'string' ? awaited : unsupportedUpdate(declaration, row, properties);
    const failed = complaints.length > 0 ? complaintText(logicalId, complaints) : unsupported;
    return failed === undefined ? complete : { ...complete, failed };
  } catch (error) {
    if (isAwsError(error)) return { ...wanted, failed: error.message };
    throw error;
  }
}

/** Shifting an alias's traffic little by little is CodeDeploy's, and doing it at once would be something else. */
const unsupportedUpdate = (
  { UpdatePolicy }: ResourceDeclaration,
  row: ResourceRow | undefined,
  properties: ResourceRow['properties'],
): string | undefined =>
  isFields(UpdatePolicy) &&
  UpdatePolicy['CodeDeployLambdaAliasUpdate'] !== undefined &&
  row?.physicalId !== undefined &&
  !isDeepStrictEqual(row.properties, properties)
    ? 'An UpdatePolicy with CodeDeployLambdaAliasUpdate is not supported here yet: nothing was changed'
    : undefined;

/** What of the template does not concern the resource itself. */
export const kept = ({ dependsOn, deletionPolicy, updateReplacePolicy, metadata }: Wanted) => ({
  dependsOn,
  deletionPolicy,
  updateReplacePolicy,
  ...(metadata === undefined ? {} : { metadata }),
});

/** What has to be done for these changes. */
export function wayOf(
  work: StackWork,
  row: ResourceRow,
  wanted: Wanted,
  changes: readonly PropertyChange[],
): 'none' | 'update' | 'replace' {
  const found = findHandler(work.ports, row.type);
  const handler = typeof found === 'string' ? undefined : found.handler;
  const need = replacement(changes);
  if (need === 'yes' || (need === 'maybe' && handler?.replaces?.(wanted.properties, row.properties))) return 'replace';
  if (changes.length > 0) return 'update';
  const retagged =
    stackTagsChanged(work) && resourceSchema(row.type).tags !== undefined && handler?.update !== undefined;
  return retagged ||
    row.status.endsWith('_FAILED') ||
    nestedMayChange(row) ||
    !isDeepStrictEqual(row.metadata, wanted.metadata)
    ? 'update'
    : 'none';
}

/** What is behind a nested stack's template URL may change without the URL. */
export const nestedMayChange = (row: ResourceRow): boolean => row.type === nestedStackType;

export function stackTagsChanged({ context, progress, definition }: StackWork): boolean {
  const { previousDefinitionId } = progress;
  if (previousDefinitionId === undefined) return false;
  return !isDeepStrictEqual(requireDefinition(context, previousDefinitionId).tags, definition.tags);
}

/** A resource that keeps its custom name cannot stand beside its own replacement. */
export function keepsItsName(row: ResourceRow, wanted: Wanted): string | undefined {
  const { identifier = [], properties } = resourceSchema(row.type);
  if (identifier.length !== 1) return undefined;
  const [name = ''] = identifier;
  const value = wanted.properties[name];
  if (!Object.hasOwn(properties, name) || value === undefined || value !== row.properties[name]) return undefined;
  return `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${String(value)} and update the stack again.`;
}
