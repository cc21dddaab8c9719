import { invalidName, notQualified, reservedName, tooManyLevels } from './errors.ts';

const levels_max = 15;

/** Refuses a name that a parameter may not have. */
export function checkName(name: string): void {
  const isPath = name.includes('/');
  if (isPath && !name.startsWith('/')) throw notQualified();
  const [first = ''] = name.split('/').filter(Boolean);
  if (/^aws/i.test(first)) throw reservedName(name);
  if (/^ssm/i.test(first) || !/^[\w.\-/]+$/.test(name) || name.endsWith('/') || name.includes('//'))
    throw invalidName();
  if (name.split('/').length - 1 > levels_max) throw tooManyLevels();
}

/** What a reader asks for: a name or an ARN, and maybe a version or a label of it. */
export interface Reference {
  readonly name: string;
  /** As it was written, with its colon. */
  readonly selector?: string;
  readonly version?: number;
  readonly label?: string;
}

export function parseReference(text: string): Reference {
  const local = /^arn:aws[\w-]*:ssm:[^:]*:[^:]*:parameter\/?(.*)$/s.exec(text)?.[1];
  const [rest = '', selector] = splitSelector(local ?? text);
  // The ARN of a name without a leading slash has one slash, which is not the name's.
  const name = local !== undefined && rest.includes('/') ? `/${rest}` : rest;
  if (selector === undefined) return { name };
  return /^\d+$/.test(selector)
    ? { name, selector: `:${selector}`, version: Number(selector) }
    : { name, selector: `:${selector}`, label: selector };
}

function splitSelector(text: string): [string, string?] {
  const colon = text.indexOf(':');
  return colon < 0 ? [text] : [text.slice(0, colon), text.slice(colon + 1)];
}

export const arnOf = (name: string, { account, region }: { account: string; region: string }): string =>
  `arn:aws:ssm:${region}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
