import { readFileSync } from 'node:fs';

/**
 * AWS's own policies. Any name of theirs can be attached; the documents of those about the services that matter here are known, as
 * iam:GetPolicyVersion answers them (`scripts/generate-managed-policies.py`).
 */
export const awsManagedArn = /^arn:aws[\w-]*:iam::aws:policy\/(?:[\w+=,.@-]+\/)*([\w+=,.@-]+)$/;

const nameOf = (arn: string): string => arn.replace(/^arn:aws[\w-]*:iam::aws:policy\//, '');

let known: ReadonlyMap<string, string> | undefined;

/** By the part of the ARN after `policy/`, each as its line: most are never asked for. */
function lines(): ReadonlyMap<string, string> {
  known ??= new Map(
    readFileSync(new URL('./generated/aws-managed-policies.jsonl', import.meta.url), 'utf8')
      .split('\n')
      .map((line) => [/^\["([^"]+)"/.exec(line)?.[1] ?? '', line] as const)
      .filter(([name]) => name !== ''),
  );
  return known;
}

export const awsManagedNames = (): readonly string[] => [...lines().keys()];

/** The version that holds; `v1` of a policy that is not known here. */
export const awsManagedVersion = (arn: string): string =>
  /^\["[^"]+","(v\d+)"/.exec(lines().get(nameOf(arn)) ?? '')?.[1] ?? 'v1';

const documents = new Map<string, string>();

/** Undefined where the policy is not known here. */
export function awsManagedDocument(arn: string): string | undefined {
  const name = nameOf(arn);
  const read = documents.get(name);
  if (read !== undefined) return read;
  const line = lines().get(name);
  if (line === undefined) return undefined;
  const [, , document] = JSON.parse(line) as [string, string, object];
  const text = JSON.stringify(document);
  documents.set(name, text);
  return text;
}
