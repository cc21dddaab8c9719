import { AwsError } from '../../kernel/aws-error.ts';

/** A template, its form checked and its absent sections empty. What stands inside (properties, conditions, outputs) is still as written. */
export interface Template {
  readonly version?: string;
  readonly description?: string;
  readonly metadata?: Fields;
  readonly transforms: readonly string[];
  readonly parameters: Readonly<Record<string, ParameterDeclaration>>;
  readonly mappings: Readonly<Record<string, Fields>>;
  readonly conditions: Fields;
  readonly rules: Readonly<Record<string, Rule>>;
  readonly resources: Readonly<Record<string, ResourceDeclaration>>;
  readonly outputs: Readonly<Record<string, OutputDeclaration>>;
}

/** An object of a template. */
export type Fields = Readonly<Record<string, unknown>>;

export interface ParameterDeclaration {
  readonly Type: string;
  readonly Default?: unknown;
  readonly Description?: string;
  readonly NoEcho?: unknown;
  readonly AllowedValues?: readonly unknown[];
  readonly AllowedPattern?: string;
  readonly ConstraintDescription?: string;
  readonly MinLength?: unknown;
  readonly MaxLength?: unknown;
  readonly MinValue?: unknown;
  readonly MaxValue?: unknown;
}

export interface ResourceDeclaration {
  readonly Type: string;
  readonly Properties?: unknown;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly Metadata?: unknown;
  readonly DeletionPolicy?: unknown;
  readonly UpdateReplacePolicy?: unknown;
  readonly CreationPolicy?: unknown;
  readonly UpdatePolicy?: unknown;
}

export interface OutputDeclaration {
  readonly Value: unknown;
  readonly Description?: string;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

export interface Rule {
  readonly RuleCondition?: unknown;
  readonly Assertions: readonly { readonly Assert: unknown; readonly AssertDescription?: string }[];
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** CloudFormation answers nearly every mistake of a template with the one code ValidationError. */
export const templateError = (message: string): AwsError => new AwsError('ValidationError', message);

/** The one key of a function's object (`{"Ref": "X"}` gives `Ref`), or undefined where the object is just an object. */
export function functionName(value: Fields): string | undefined {
  const keys = Object.keys(value);
  const [only] = keys;
  if (keys.length !== 1 || only === undefined) return undefined;
  return only === 'Ref' || only === 'Condition' || only.startsWith('Fn::') ? only : undefined;
}

export const dependsOn = ({ DependsOn = [] }: ResourceDeclaration): readonly string[] =>
  typeof DependsOn === 'string' ? [DependsOn] : DependsOn;
