import type { Progress, Properties, ResourceContext, ResourceHandler } from '../../cloudformation/resource-handler.ts';
import { isCustom } from '../../cloudformation/schema/resource-schemas.ts';
import { isAwsError } from '../../kernel/aws-error.ts';
import type { Context } from '../../kernel/context.ts';
import { resolveDynamicReferences } from './dynamic-references.ts';
import type { ResourceRow } from './model.ts';
import type { Ports } from './ports.ts';
import { resourceContext } from './resource-context.ts';
import { customResource } from './resources/custom-resource.ts';
import { recordedResource, strictReason } from './resources/recorded.ts';
import type { StackWork } from './stack-work.ts';

export interface Found {
  readonly handler: ResourceHandler;
  /** Nothing stands behind the type here: its resources are kept in the books only. */
  readonly recorded: boolean;
}

export const nestedStackType = 'AWS::CloudFormation::Stack';

/** The handler of a type; a text says why there is none. */
export function findHandler(ports: Ports, type: string): Found | string {
  const handler = ports.resources()[type];
  if (handler) return { handler, recorded: false };
  if (isCustom(type)) return { handler: customResource(ports, type), recorded: false };
  if (ports.strict) return strictReason(type);
  return { handler: recordedResource(type), recorded: true };
}

/** A handler's answer, or the reason why there is none. */
export type Outcome<T> = { readonly value: T } | { readonly failed: string };

/**
 * Calls a handler for a row. What it wrote before it failed is undone. A failure of ours, and not of the caller's, fails the resource, too,
 * so that no stack hangs, and is thrown again after the turn, for whoever looks after bugs.
 */
export function callHandler<T>(
  work: StackWork,
  row: Pick<ResourceRow, 'logicalId' | 'type' | 'requestToken'>,
  call: (handler: ResourceHandler, context: ResourceContext, resolved: (properties: Properties) => Properties) => T,
): Outcome<T> {
  const { context, ports, stack, progress, definition } = work;
  const found = findHandler(ports, row.type);
  if (typeof found === 'string') return { failed: found };
  const forResource = resourceContext(context, stack, progress, definition, row);
  const resolved = (properties: Properties) => resolveDynamicReferences(forResource, properties) as Properties;
  try {
    return { value: context.attempt(() => call(found.handler, forResource, resolved)) };
  } catch (error) {
    return { failed: reasonOf(context, error, row) };
  }
}

function reasonOf(context: Context, error: unknown, row: Pick<ResourceRow, 'type' | 'requestToken'>): string {
  if (isAwsError(error)) return handlerMessage(row, error.message, handlerErrorCode(error.code, error.message));
  context.after(() => {
    throw error;
  });
  return handlerMessage(row, 'Internal Failure', 'InternalFailure');
}

/** A failure in AWS's words. CloudFormation's own types speak for themselves. */
export function handlerMessage(
  { type, requestToken }: Pick<ResourceRow, 'type' | 'requestToken'>,
  message: string,
  code: string,
): string {
  if (type.startsWith('AWS::CloudFormation::') || isCustom(type)) return message;
  return `Resource handler returned message: "${message}" (RequestToken: ${requestToken}, HandlerErrorCode: ${code})`;
}

export const progressFailure = (row: ResourceRow, { failed }: Extract<Progress, { readonly failed: string }>): string =>
  handlerMessage(row, failed, 'NotStabilized');

/** https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html */
export function handlerErrorCode(code: string, message: string): string {
  const known = handlerErrorCodes.find(([pattern]) => pattern.test(code));
  if (known) return known[1];
  return /already exists/i.test(message) ? 'AlreadyExists' : 'GeneralServiceException';
}

const handlerErrorCodes: readonly (readonly [RegExp, string])[] = [
  [/NotFound|NoSuch|DoesNotExist|Unknown(?!Operation)/, 'NotFound'],
  [/AlreadyExist|AlreadyOwned|Duplicate|InUse$|EntityAlreadyExists/, 'AlreadyExists'],
  [/AccessDenied|Unauthorized|NotAuthorized|AuthFailure/, 'AccessDenied'],
  [/Throttl|TooManyRequests|RequestLimit/, 'Throttling'],
  [/LimitExceeded|QuotaExceeded|TooMany/, 'ServiceLimitExceeded'],
  [/Conflict|DeleteConflict|DependencyViolation|ResourceInUse/, 'ResourceConflict'],
  [/Invalid|Validation|Malformed|Missing|ClientException/, 'InvalidRequest'],
  [/NotImplemented|Unsupported/, 'InvalidRequest'],
  [/Internal/, 'ServiceInternalError'],
];

/** Whether a deletion failed only because there was nothing left to delete. */
export const isGone = (outcome: Outcome<unknown>): boolean =>
  'failed' in outcome && outcome.failed.endsWith('HandlerErrorCode: NotFound)');
