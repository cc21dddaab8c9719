import type { Context } from '../../../kernel/context.ts';
import { conflict, invalidParameter, notAuthorized, notFound } from '../errors.ts';
import { parseFunctionName, requireQualifier } from '../function-name.ts';
import { mayInvoke } from '../invocations/plan-permission.ts';
import {
  functionArn,
  type Handler,
  type In,
  latestVersion,
  type PolicyRow,
  policies,
  qualifiedKey,
  type Statement,
} from '../model.ts';
import { checkRevision } from './revision.ts';

export const addPermission: Handler<'AddPermission'> = (input, context) => {
  const target = targetOf(context, input.FunctionName, input.Qualifier);
  const { row, key, arn } = target;
  if (row) checkRevision(row, input.RevisionId);
  if (!/^[\w-]{1,100}$/.test(input.StatementId))
    throw invalidParameter(
      `The provided statement id '${input.StatementId}' must match ([a-zA-Z0-9-_]+) and have at most 100 characters.`,
    );
  if (row?.statements.some(({ Sid }) => Sid === input.StatementId))
    throw conflict(
      `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    );
  const statement = statementOf(input, arn);
  const kept: PolicyRow = row ?? {
    functionName: target.name,
    qualifier: target.qualifier,
    statements: [],
    revisionId: '',
  };
  context.store.table(policies).put(key, {
    ...kept,
    statements: [...kept.statements, statement],
    revisionId: context.ids.uuid('lambda/revision'),
  });
  return { Statement: JSON.stringify(statement) };
};

function statementOf(input: In<'AddPermission'>, Resource: string): Statement {
  const { Principal, SourceArn, SourceAccount, PrincipalOrgID, EventSourceToken, FunctionUrlAuthType } = input;
  const conditions: Record<string, Record<string, string>> = {};
  const add = (operator: string, key: string, value: string | undefined) => {
    if (value) conditions[operator] = { ...conditions[operator], [key]: value };
  };
  add('StringEquals', 'AWS:SourceAccount', SourceAccount);
  add('StringEquals', 'lambda:EventSourceToken', EventSourceToken);
  add('StringEquals', 'lambda:FunctionUrlAuthType', FunctionUrlAuthType);
  add('StringEquals', 'aws:PrincipalOrgID', PrincipalOrgID);
  add('ArnLike', 'AWS:SourceArn', SourceArn);
  return {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: principalOf(Principal),
    Action: input.Action,
    Resource,
    ...(Object.keys(conditions).length > 0 ? { Condition: conditions } : {}),
  };
}

function principalOf(principal: string): Statement['Principal'] {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  if (principal.startsWith('arn:')) return { AWS: principal };
  if (!/^[\w.-]+\.[a-z.]+$/.test(principal))
    throw invalidParameter('The provided principal was invalid. Please check the principal and try again.');
  return { Service: principal };
}

export const removePermission: Handler<'RemovePermission'> = (input, context) => {
  const { row, key } = targetOf(context, input.FunctionName, input.Qualifier);
  if (!row?.statements.some(({ Sid }) => Sid === input.StatementId))
    throw notFound(`Statement ${input.StatementId} is not found in resource policy.`);
  checkRevision(row, input.RevisionId);
  const statements = row.statements.filter(({ Sid }) => Sid !== input.StatementId);
  if (statements.length === 0) context.store.table(policies).delete(key);
  else context.store.table(policies).put(key, { ...row, statements, revisionId: context.ids.uuid('lambda/revision') });
  return {};
};

export const getPolicy: Handler<'GetPolicy'> = ({ FunctionName, Qualifier }, context) => {
  const { row } = targetOf(context, FunctionName, Qualifier);
  if (!row) throw notFound('The resource you requested does not exist.');
  const policy = { Version: '2012-10-17', Id: 'default', Statement: row.statements };
  return { Policy: JSON.stringify(policy), RevisionId: row.revisionId };
};

function targetOf(context: Context, text: string, given: string | undefined) {
  const parsed = parseFunctionName(text, given);
  const qualifier = requireQualifier(context, parsed);
  const key = qualifiedKey(parsed.name, qualifier);
  const arn = functionArn(context, parsed.name) + (qualifier === latestVersion ? '' : `:${qualifier}`);
  return { name: parsed.name, qualifier, key, arn, row: context.store.table(policies).get(key) };
}

/** A service calls only what lets it. CloudFormation calls custom resources' functions for whoever made the stack, and so needs no permission. */
export function requirePermission(context: Context, name: string, qualifier: string | undefined): void {
  const { caller } = context;
  if (caller.kind !== 'service' || caller.arn === 'cloudformation.amazonaws.com') return;
  const key = qualifiedKey(name, qualifier ?? latestVersion);
  const { statements = [] } = context.store.table(policies).get(key) ?? {};
  if (!mayInvoke(statements, caller))
    throw notAuthorized(caller.arn, functionArn(context, name) + (qualifier ? `:${qualifier}` : ''));
}
