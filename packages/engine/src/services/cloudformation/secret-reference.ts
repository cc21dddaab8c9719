import { isFields } from '../../cloudformation/template/template.ts';
import type { Context } from '../../kernel/context.ts';
import { validationError } from './errors.ts';

/** A secret's id may be its ARN, which has six colons of its own. */
const form =
  /^(arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:[^:]+|[^:]+)(?::([^:]*))?(?::([^:]*))?(?::([^:]*))?(?::([^:]*))?$/;

/**
 * What `secret-id:SecretString:json-key:version-stage:version-id` stands for
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html). All but the id may be left out
 * or empty; without a key it is the whole text.
 */
export function secretValue(context: Context, key: string): string {
  const [match, SecretId = '', member = '', jsonKey = '', stage = '', version = ''] = form.exec(key) ?? [];
  if (!match || !['', 'SecretString'].includes(member) || (stage && version))
    throw validationError(
      `Incorrect format is used in the following dynamic reference: [{{resolve:secretsmanager:${key}}}]`,
    );
  const { SecretString = '' } = context.secretsManager.getSecretValue({
    SecretId,
    ...(stage ? { VersionStage: stage } : {}),
    ...(version ? { VersionId: version } : {}),
  });
  return jsonKey ? memberOf(SecretString, jsonKey) : SecretString;
}

function memberOf(text: string, key: string): string {
  const fields = parsed(text);
  if (!isFields(fields)) throw validationError('Could not parse SecretString JSON');
  if (!Object.hasOwn(fields, key))
    throw validationError('Could not find a value associated with JSONKey in SecretString');
  const value = fields[key];
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
