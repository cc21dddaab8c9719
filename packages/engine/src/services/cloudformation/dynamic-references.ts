import { isFields } from '../../cloudformation/template/template.ts';
import type { Context } from '../../kernel/context.ts';
import { validationError } from './errors.ts';
import { secretValue } from './secret-reference.ts';

const reference = /\{\{resolve:([^:}]+):([^}]*)\}\}/g;

/**
 * Replaces `{{resolve:service:key}}` of ssm, ssm-secure and secretsmanager in every text. It is done at the last moment, for the handler's eyes only: the rows keep the
 * reference, so that a changed value changes nothing by itself, as on AWS.
 */
export function resolveDynamicReferences(context: Context, value: unknown): unknown {
  if (typeof value === 'string')
    return value.includes('{{resolve:')
      ? value.replace(reference, (_, service: string, key: string) => lookUp(context, service, key))
      : value;
  if (Array.isArray(value)) return value.map((item) => resolveDynamicReferences(context, item));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, resolveDynamicReferences(context, inner)]),
  );
}

function lookUp(context: Context, service: string, key: string): string {
  if (service === 'secretsmanager') return secretValue(context, key);
  if (service !== 'ssm' && service !== 'ssm-secure')
    throw validationError(`Dynamic references to ${service} are not supported here yet: {{resolve:${service}:${key}}}`);
  const [, name = key, version] = /^(.+?)(?::(\d+))?$/.exec(key) ?? [];
  const { Parameter } = context.ssm.getParameter({
    Name: version === undefined ? name : `${name}:${version}`,
    WithDecryption: service === 'ssm-secure',
  });
  if (service === 'ssm' && Parameter?.Type === 'SecureString')
    throw validationError(`Non-secure ssm prefix was used for secure parameter: ${name}`);
  return Parameter?.Value ?? '';
}
