/** One value or a list of them, as JSON policies have it almost everywhere. */
export type OneOrMore<T = string> = T | readonly T[];

/** A statement as it is written. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export interface StatementText {
  readonly Sid?: string;
  readonly Effect?: 'Allow' | 'Deny';
  readonly Principal?: PrincipalText;
  readonly NotPrincipal?: PrincipalText;
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly NotResource?: OneOrMore;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore<string | number | boolean>>>>>;
}

export type PrincipalText = '*' | Readonly<Record<string, OneOrMore>>;

export interface PolicyText {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement?: OneOrMore<StatementText>;
}

export const listOf = <T>(value: OneOrMore<T> | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];

/** What is asked of a context key: its values, undefined where the request has none. Names are in lower case. */
export type Keys = (name: string) => readonly string[] | undefined;
