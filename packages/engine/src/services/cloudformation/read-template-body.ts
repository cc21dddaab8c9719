import { objectPlace } from '../../cloudformation/template-url.ts';
import type { Context } from '../../kernel/context.ts';
import { validationError } from './errors.ts';
import type { Ports } from './ports.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const inlineLength_max = 51_200;
const objectLength_max = 1_048_576;

/** The text of a template given inline or by the URL of an S3 object; undefined where neither is given. */
export function templateBodyOf(
  context: Context,
  ports: Ports,
  input: { readonly TemplateBody?: string | undefined; readonly TemplateURL?: string | undefined },
): string | undefined {
  const { TemplateBody, TemplateURL } = input;
  if (TemplateBody !== undefined && TemplateURL !== undefined)
    throw validationError('Only one of TemplateURL and TemplateBody may be specified');
  if (TemplateURL !== undefined) return readTemplateUrl(context, ports, TemplateURL);
  if (TemplateBody !== undefined && Buffer.byteLength(TemplateBody) > inlineLength_max)
    throw validationError(
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${inlineLength_max}`,
    );
  return TemplateBody;
}

export function readTemplateUrl(context: Context, ports: Ports, url: string): string {
  const text = readObjectOf(context, ports, url, 'TemplateURL');
  if (Buffer.byteLength(text) > objectLength_max)
    throw validationError(`Template may not exceed ${objectLength_max} bytes in size.`);
  return text;
}

/** The text of the S3 object that a member of a request names by its URL. */
export function readObjectOf(context: Context, { readObject }: Ports, url: string, member: string): string {
  const place = objectPlace(url);
  if (!place) throw validationError(`${member} must be a supported URL.`);
  const bytes = readObject?.(context, place.bucket, place.key, place.versionId);
  if (!bytes)
    throw validationError(`S3 error: The specified key does not exist. (bucket ${place.bucket}, key ${place.key})`);
  return Buffer.from(bytes).toString('utf8');
}
