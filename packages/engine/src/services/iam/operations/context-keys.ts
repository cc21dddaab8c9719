import type { Context } from '../../../kernel/context.ts';
import { malformedDocument, notFound } from '../errors.ts';
import { identityOf } from '../identity-policies.ts';
import { attachments, inlinePolicies, type Owner, ownerId, policies } from '../model.ts';
import { documentProblem } from '../policy-document.ts';
import { type Op, requireGroup } from './find-rows.ts';

/** The keys that policies ask for, in conditions and as variables. */
export const getContextKeysForCustomPolicy: Op<'GetContextKeysForCustomPolicy'> = ({ PolicyInputList }) => ({
  ContextKeyNames: keysIn(checked(PolicyInputList)),
});

/** Those of a user with its groups, of a group or of a role, and of further policies. */
export const getContextKeysForPrincipalPolicy: Op<'GetContextKeysForPrincipalPolicy'> = (input, context) => ({
  ContextKeyNames: keysIn([...documentsOf(input.PolicySourceArn, context), ...checked(input.PolicyInputList ?? [])]),
});

function checked(documents: readonly string[]): readonly string[] {
  for (const document of documents) {
    const problem = documentProblem(document, 'identity');
    if (problem) throw malformedDocument(problem);
  }
  return documents;
}

function documentsOf(arn: string, context: Context): string[] {
  const [, , , , account = '', path = ''] = arn.split(':');
  const [kind, name] = [path.slice(0, path.indexOf('/')), path.slice(path.lastIndexOf('/') + 1)];
  if (kind === 'group') return groupDocuments({ kind, name: requireGroup(context, name).GroupName }, context);
  const session = kind === 'role' ? `arn:aws:sts::${account}:assumed-role/${name}/session` : arn;
  const identity = identityOf(context, { kind: kind === 'role' ? 'role' : 'user', account, arn: session, userId: '' });
  if (!identity) throw notFound(kind === 'role' ? 'role' : 'user', name);
  return identity.policies.map(({ document }) => document);
}

function groupDocuments(owner: Owner, { store }: Context): string[] {
  const inline = store.table(inlinePolicies).by('owner', ownerId(owner));
  const managed = store.table(attachments).by('owner', ownerId(owner));
  return [
    ...inline.map(({ document }) => document),
    ...managed.flatMap(({ policyArn }) => {
      const own = store.table(policies).get(policyArn);
      return own?.versions.find(({ id }) => id === own.defaultVersionId)?.document ?? [];
    }),
  ];
}

const variable = /\$\{\s*([\w-]+:[^},\s]+)/g;

function keysIn(documents: readonly string[]): string[] {
  const keys = documents.flatMap((text) => {
    const { Statement } = JSON.parse(text) as { readonly Statement: Statement | readonly Statement[] };
    const conditions = [Statement].flat().flatMap(({ Condition = {} }) => Object.values(Condition));
    return [
      ...conditions.flatMap((condition) => Object.keys(condition)),
      ...[...text.matchAll(variable)].map(([, name = '']) => name),
    ];
  });
  return [...new Set(keys)].sort();
}

interface Statement {
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
