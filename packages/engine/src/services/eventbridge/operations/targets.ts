import type { Context } from '../../../kernel/context.ts';
import type { Handler, Input } from '../../../kernel/operation.ts';
import { page } from '../../../kernel/page.ts';
import { constraint, invalidNextToken, limitExceeded, validation } from '../errors.ts';
import { isJsonPath } from '../input/json-path.ts';
import { ruleId, rules, type Target, targets } from '../model.ts';
import { busNameOf, requireBus } from './event-buses.ts';
import { requireRule } from './rules.ts';

type Sdk = typeof import('@aws-sdk/client-eventbridge');
type GivenTarget = Input<Sdk, 'PutTargets'>['Targets'][number];

const targets_max = 5;
const perRequest_max = 100;

/** A target of an id that is there is replaced. */
export const putTargets: Handler<Sdk, 'PutTargets', Context> = (input, { store }) => {
  const busName = busNameOf(input.EventBusName);
  requireRule(store, input.Rule, busName);
  if (input.Targets.length < 1 || input.Targets.length > perRequest_max)
    throw constraint(`[${input.Targets.length} targets]`, 'targets', `have a length between 1 and ${perRequest_max}`);
  const id = ruleId(busName, input.Rule);
  const added = input.Targets.map(requireTarget);
  const kept = (store.table(targets).get(id) ?? []).filter((target) => !added.some(({ Id }) => Id === target.Id));
  if (kept.length + added.length > targets_max) throw limitExceeded();
  store.table(targets).put(id, [...kept, ...added]);
  return { FailedEntryCount: 0, FailedEntries: [] };
};

function requireTarget(target: GivenTarget): Target {
  const { Id = '', Arn = '' } = target;
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(Id))
    throw constraint(Id, 'targets.member.id', 'satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+');
  const refuse = (reason: string) => validation(`Parameter ${Arn} is not valid. Reason: ${reason}`);
  if (!/^arn:[\w-]+:[\w-]+:[\w-]*:\d*:.+/.test(Arn)) throw refuse('Provided Arn is not in correct format.');
  const inputs = [target.Input, target.InputPath, target.InputTransformer].filter((input) => input !== undefined);
  if (inputs.length > 1)
    throw validation(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`);
  if (target.Input !== undefined && !isJson(target.Input))
    throw validation(`JSON syntax error in input for target ${Id}`);
  const paths = Object.values(target.InputTransformer?.InputPathsMap ?? {});
  for (const path of target.InputPath === undefined ? paths : [target.InputPath])
    if (!isJsonPath(path)) throw validation(`Invalid JSON path ${path} for target ${Id}`);
  if (target.InputTransformer) requireTemplate(target.InputTransformer, Id);
  if (Arn.includes(':ecs:') && !target.EcsParameters?.TaskDefinitionArn)
    throw validation(`EcsParameters.TaskDefinitionArn is required for target ${Id}`);
  requireRetryPolicy(target);
  return { ...target, Id, Arn };
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

function requireTemplate(transformer: NonNullable<GivenTarget['InputTransformer']>, id: string): void {
  const names = Object.keys(transformer.InputPathsMap ?? {});
  if (!transformer.InputTemplate) throw validation(`Invalid InputTemplate for target ${id} : it must not be empty`);
  if (names.length > 100) throw validation(`The InputPathsMap of target ${id} must not have more than 100 entries.`);
  const reserved = names.find((name) => name.startsWith('AWS') || name.startsWith('aws.events.'));
  if (reserved) throw validation(`The variable ${reserved} of target ${id} is reserved.`);
  // As on AWS, where only the placeholders are given values to see whether it is JSON or a string.
  const filled = transformer.InputTemplate.replace(/\\.|"(?:[^"\\]|\\.)*"|<[^<>\s"]+>/g, (part) =>
    part.startsWith('<') ? '0' : part,
  );
  const lines = filled.split('\n').filter((line) => line.trim() !== '');
  if (!isJson(filled) && !lines.every(isJson))
    throw validation(
      `Invalid InputTemplate for target ${id} : [it must be JSON, or a string in double quotes, once its variables have values].`,
    );
}

function requireRetryPolicy({ RetryPolicy }: GivenTarget): void {
  const { MaximumRetryAttempts: attempts, MaximumEventAgeInSeconds: age } = RetryPolicy ?? {};
  if (attempts !== undefined && (attempts < 0 || attempts > 185))
    throw constraint(attempts, 'targets.member.retryPolicy.maximumRetryAttempts', 'be between 0 and 185');
  if (age !== undefined && (age < 60 || age > 86_400))
    throw constraint(age, 'targets.member.retryPolicy.maximumEventAgeInSeconds', 'be between 60 and 86400');
}

export const removeTargets: Handler<Sdk, 'RemoveTargets', Context> = (input, { store }) => {
  const busName = busNameOf(input.EventBusName);
  requireRule(store, input.Rule, busName);
  const id = ruleId(busName, input.Rule);
  const known = store.table(targets).get(id) ?? [];
  store.table(targets).put(
    id,
    known.filter(({ Id }) => !input.Ids.includes(Id)),
  );
  const failed = input.Ids.filter((wanted) => !known.some(({ Id }) => Id === wanted));
  return {
    FailedEntryCount: failed.length,
    FailedEntries: failed.map((TargetId) => ({
      TargetId,
      ErrorCode: 'ResourceNotFoundException',
      ErrorMessage: `Rule ${input.Rule} does not have a target with the Id ${TargetId}.`,
    })),
  };
};

export const listTargetsByRule: Handler<Sdk, 'ListTargetsByRule', Context> = (input, { store }) => {
  const busName = busNameOf(input.EventBusName);
  requireRule(store, input.Rule, busName);
  const all = store.table(targets).get(ruleId(busName, input.Rule)) ?? [];
  const { items, nextToken } = page(all, {
    token: input.NextToken,
    size: input.Limit ?? 100,
    invalid: invalidNextToken,
  });
  return { Targets: items, NextToken: nextToken };
};

export const listRuleNamesByTarget: Handler<Sdk, 'ListRuleNamesByTarget', Context> = (input, { store }) => {
  const busName = requireBus(store, input.EventBusName);
  const names = store
    .table(rules)
    .by('bus', busName)
    .map(({ rule }) => rule.Name)
    .filter((name) =>
      (store.table(targets).get(ruleId(busName, name)) ?? []).some(({ Arn }) => Arn === input.TargetArn),
    )
    .sort();
  const { items, nextToken } = page(names, {
    token: input.NextToken,
    size: input.Limit ?? 100,
    invalid: invalidNextToken,
  });
  return { RuleNames: items, NextToken: nextToken };
};
