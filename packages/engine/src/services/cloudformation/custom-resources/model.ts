import type { Properties } from '../../../cloudformation/resource-handler.ts';
import { table } from '../../../kernel/store.ts';

/** What a custom resource's provider is asked to do (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-requests.html). */
export interface CustomRequest {
  /** See `requestKey`. */
  readonly key: string;
  readonly requestId: string;
  readonly requestType: 'Create' | 'Update' | 'Delete';
  readonly stackId: string;
  readonly logicalId: string;
  /** What the response address must be signed with. */
  readonly secret: string;
  /** When it is given up, in epoch milliseconds of the platform. */
  readonly deadline: number;
  /** What the provider has put to the response address, as it is. */
  readonly answer?: string;
  /** The physical id that came of it, once the answer, or its absence, has been taken notice of. */
  readonly settledAs?: string;
  /** Whether the provider wants its data kept from people's eyes. */
  readonly noEcho: boolean;
}

/** A resource has one request for what it is to be, and one for each physical resource that is to go. The last ones stay as long as it does. */
export const customRequests = table<CustomRequest, 'stack'>('cloudformation/custom-requests', {
  indexes: { stack: (request) => request.stackId },
});

export const requestKey = (stackId: string, logicalId: string, deleted?: string): string =>
  deleted === undefined ? `${stackId}|${logicalId}` : `${stackId}|${logicalId}|${deleted}`;

/** Properties as a provider gets them: whatever stands for a value in a template is a text. */
export function asTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTexts);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value as Properties).map(([key, inner]) => [key, asTexts(inner)]));
  return String(value);
}
