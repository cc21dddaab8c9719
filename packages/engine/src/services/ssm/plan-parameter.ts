import type { PutParameterRequest } from '@aws-sdk/client-ssm';
import {
  cannotDowngrade,
  invalidPattern,
  parameterAlreadyExists,
  patternMismatch,
  policiesNotSupported,
  tagsWithOverwrite,
  typeRequired,
  unsupportedDataType,
  unsupportedType,
  valueTooLong,
  versionLimit,
} from './errors.ts';
import { latest, type Parameter, type ParameterVersion } from './model.ts';

const length_max = { Standard: 4096, Advanced: 8192 } as const;
const versions_max = 100;
const types = ['String', 'StringList', 'SecureString'];
const dataTypes = ['text', 'aws:ec2:image', 'aws:ssm:integration'];

export type PutInput = PutParameterRequest & { readonly Name: string; readonly Value: string };

/** The parameter with its new version, or the refusal as an exception. What a new version does not say, it keeps from the last. */
export function planPut(
  input: PutInput,
  existing: Parameter | undefined,
  { arn, now, by }: { readonly arn: string; readonly now: Date; readonly by: string },
): Parameter {
  if (existing && !input.Overwrite) throw parameterAlreadyExists();
  if (input.Overwrite && input.Tags && input.Tags.length > 0) throw tagsWithOverwrite();
  if (input.Policies && input.Policies !== '[]' && input.Policies !== '') throw policiesNotSupported();
  const last = existing && latest(existing);
  const type = input.Type ?? last?.type;
  if (!type) throw typeRequired();
  if (!types.includes(type)) throw unsupportedType(type);
  const dataType = input.DataType ?? last?.dataType ?? 'text';
  if (!dataTypes.includes(dataType)) throw unsupportedDataType(dataType);
  checkPattern(input);
  const version: ParameterVersion = {
    version: (last?.version ?? 0) + 1,
    value: input.Value,
    type,
    tier: tierOf(input, last),
    dataType,
    labels: [],
    modifiedAt: now,
    modifiedBy: by,
    ...optional('description', input.Description ?? last?.description),
    ...optional('allowedPattern', input.AllowedPattern ?? last?.allowedPattern),
    ...(type === 'SecureString' ? { keyId: input.KeyId ?? last?.keyId ?? 'alias/aws/ssm' } : {}),
  };
  const kept = keepVersions(input.Name, existing?.versions ?? []);
  return {
    name: input.Name,
    arn,
    versions: [...kept, version],
    tags: existing?.tags ?? (input.Tags ?? []).map(({ Key, Value }) => ({ Key, Value })),
  };
}

const optional = <K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: string };

function checkPattern({ AllowedPattern: pattern, Value: value }: PutInput): void {
  if (!pattern) return;
  let expression: RegExp;
  try {
    expression = new RegExp(pattern);
  } catch {
    throw invalidPattern(pattern);
  }
  if (!expression.test(value)) throw patternMismatch(pattern);
}

function tierOf({ Tier, Value }: PutInput, last: ParameterVersion | undefined): 'Standard' | 'Advanced' {
  const fitsStandard = Value.length <= length_max.Standard;
  const wanted =
    Tier === 'Intelligent-Tiering' ? (fitsStandard && last?.tier !== 'Advanced' ? 'Standard' : 'Advanced') : Tier;
  if (wanted === 'Standard' && last?.tier === 'Advanced') throw cannotDowngrade();
  const tier = (wanted ?? last?.tier ?? 'Standard') === 'Advanced' ? 'Advanced' : 'Standard';
  if (Value.length > length_max[tier]) throw valueTooLong(tier, length_max[tier]);
  return tier;
}

/** A hundred versions are kept; the oldest makes room for the new one, unless a label holds it. */
function keepVersions(name: string, versions: readonly ParameterVersion[]): readonly ParameterVersion[] {
  const [oldest] = versions;
  if (versions.length < versions_max || !oldest) return versions;
  if (oldest.labels.length > 0) throw versionLimit(name, oldest.version);
  return versions.slice(1);
}
