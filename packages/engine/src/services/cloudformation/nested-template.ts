import type { Fields } from '../../cloudformation/template/template.ts';
import { isAwsError } from '../../kernel/aws-error.ts';
import type { Context } from '../../kernel/context.ts';
import { requireDefinition } from './definition.ts';
import { stackProgress } from './model.ts';
import type { Ports } from './ports.ts';
import { readTemplateUrl } from './read-template-body.ts';

/** Whether the template behind a nested stack's URL is another than the one it has. One that cannot be read is left to fail when it is applied. */
export function nestedTemplateChanges(context: Context, ports: Ports, id: string, properties: Fields): boolean {
  const progress = context.store.table(stackProgress).get(id);
  if (!progress) return true;
  try {
    const body = readTemplateUrl(context, ports, String(properties['TemplateURL'] ?? ''));
    return body !== requireDefinition(context, progress.definitionId).templateBody;
  } catch (error) {
    if (isAwsError(error)) return true;
    throw error;
  }
}
