import { type Fields, isFields } from '../../../cloudformation/template/template.ts';
import type { CustomRequest } from './model.ts';

/** What an answer of a provider comes to. A failure may still name what was made, for it to be deleted. */
export type CustomOutcome =
  | { readonly made: { readonly id: string; readonly attributes: Fields }; readonly noEcho: boolean }
  | { readonly failed: string; readonly id?: string };

const answer_bytes_max = 4096;
const id_bytes_max = 1024;

/**
 * Reads what a provider has answered (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-responses.html). The
 * reasons are those that AWS's users quote.
 */
export function planAnswer(
  request: Pick<CustomRequest, 'requestId' | 'stackId' | 'logicalId'>,
  answer: string,
): CustomOutcome {
  if (Buffer.byteLength(answer) > answer_bytes_max) return { failed: 'Response object is too long.' };
  const fields = readJson(answer);
  if (!fields) return { failed: 'Invalid response object: the response must be a JSON object' };
  const { Status, PhysicalResourceId: id, Reason, Data = {}, NoEcho = false } = fields;
  if (typeof id !== 'string' || id === '' || Buffer.byteLength(id) > id_bytes_max)
    return { failed: 'Invalid PhysicalResourceId' };
  const wrong = wrongMember(request, fields);
  if (wrong !== undefined) return { failed: `Invalid response object: Value of property ${wrong}`, id };
  if (Status === 'FAILED')
    return {
      failed: `Received response status [FAILED] from custom resource. Message returned: ${String(Reason)} (RequestId: ${request.requestId})`,
      id,
    };
  return { made: { id, attributes: isFields(Data) ? Data : {} }, noEcho: String(NoEcho) === 'true' };
}

function wrongMember(
  { requestId, stackId, logicalId }: Pick<CustomRequest, 'requestId' | 'stackId' | 'logicalId'>,
  { Status, StackId, RequestId, LogicalResourceId, Reason, Data }: Fields,
): string | undefined {
  if (Status !== 'SUCCESS' && Status !== 'FAILED') return 'Status must be SUCCESS or FAILED';
  if (Status === 'FAILED' && (Reason === undefined || Reason === ''))
    return 'Reason must be a string that is not empty, since the status is FAILED';
  if (Reason !== undefined && Reason !== null && typeof Reason !== 'string') return 'Reason must be a string';
  if (Data !== undefined && Data !== null && !isFields(Data)) return 'Data must be an object';
  if (StackId !== stackId) return "StackId must be the request's";
  if (RequestId !== requestId) return "RequestId must be the request's";
  return LogicalResourceId === logicalId ? undefined : "LogicalResourceId must be the request's";
}

function readJson(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The words of CloudFormation's when a provider has kept silent for too long. */
export const noAnswer = ({ requestId }: Pick<CustomRequest, 'requestId'>): string =>
  `CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [${requestId}]. If you are using the Python cfn-response module, you may need to update your Lambda function code so that CloudFormation can attach the updated version.`;
