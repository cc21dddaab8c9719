import type { Action, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Context } from '../../kernel/context.ts';
import { notHere, validation } from './errors.ts';
import { groupsOf } from './model.ts';
import { requireTargetGroup } from './operations/target-groups.ts';

/** Actions as they are kept: checked, and a forward to one group written both ways, as AWS answers it. */
export function checkActions(actions: readonly Action[], context: Context): Action[] {
  if (actions.length !== 1)
    throw validation('Exactly one action must be specified: forward, redirect or fixed-response');
  return actions.map((action) => {
    if (action.Type === 'forward') return checkForward(action, context);
    if (action.Type === 'redirect') return checkRedirect(action);
    if (action.Type === 'fixed-response') return checkFixedResponse(action);
    throw notHere(`an action of type ${action.Type}`);
  });
}

function checkForward(action: Action, context: Context): Action {
  const ids = [...new Set(groupsOf([action]))];
  if (ids.length === 0) throw validation('A target group ARN must be specified');
  for (const arn of ids) requireTargetGroup(context, arn);
  const groups = action.ForwardConfig?.TargetGroups ?? ids.map((TargetGroupArn) => ({ TargetGroupArn, Weight: 1 }));
  if (groups.length > 5) throw validation('You can specify at most five target groups for a forward action');
  if (groups.some(({ Weight = 1 }) => Weight < 0 || Weight > 999))
    throw validation('Target group weights must be between 0 and 999');
  const stickiness = action.ForwardConfig?.TargetGroupStickinessConfig ?? { Enabled: false };
  return {
    Type: 'forward',
    ...(action.Order === undefined ? {} : { Order: action.Order }),
    ...(groups.length === 1 ? { TargetGroupArn: groups[0]?.TargetGroupArn } : {}),
    ForwardConfig: {
      TargetGroups: groups.map(({ TargetGroupArn, Weight = 1 }) => ({ TargetGroupArn, Weight })),
      TargetGroupStickinessConfig: stickiness,
    },
  };
}

function checkRedirect(action: Action): Action {
  const {
    StatusCode,
    Host = '#{host}',
    Path = '/#{path}',
    Port = '#{port}',
    Protocol = '#{protocol}',
    Query = '#{query}',
  } = action.RedirectConfig ?? {};
  if (StatusCode !== 'HTTP_301' && StatusCode !== 'HTTP_302')
    throw validation('The redirect status code must be HTTP_301 or HTTP_302');
  if (
    Host === '#{host}' &&
    Path === '/#{path}' &&
    Port === '#{port}' &&
    Protocol === '#{protocol}' &&
    Query === '#{query}'
  )
    throw validation('The redirect would lead to itself: change protocol, host, port, path or query');
  return { ...action, RedirectConfig: { StatusCode, Host, Path, Port, Protocol, Query } };
}

function checkFixedResponse(action: Action): Action {
  const { StatusCode = '', MessageBody, ContentType } = action.FixedResponseConfig ?? {};
  if (!/^[245]\d\d$/.test(StatusCode))
    throw validation(`The fixed response status code '${StatusCode}' must be a 2XX, 4XX or 5XX code`);
  if ((MessageBody?.length ?? 0) > 1024)
    throw validation('The fixed response message body must have at most 1024 characters');
  const types = ['text/plain', 'text/css', 'text/html', 'application/javascript', 'application/json'];
  if (ContentType && !types.includes(ContentType))
    throw validation(`The fixed response content type '${ContentType}' must be one of [${types.join(', ')}]`);
  return { ...action, FixedResponseConfig: { StatusCode, MessageBody, ContentType } };
}

/** The member in which a condition of each kind keeps its values. */
const configs = {
  'host-header': 'HostHeaderConfig',
  'path-pattern': 'PathPatternConfig',
  'http-header': 'HttpHeaderConfig',
  'http-request-method': 'HttpRequestMethodConfig',
  'query-string': 'QueryStringConfig',
  'source-ip': 'SourceIpConfig',
} as const;

/** Conditions as they are kept: the old `Values` and the new config written both ways where AWS does. */
export function checkConditions(conditions: readonly RuleCondition[]): RuleCondition[] {
  if (conditions.length === 0) throw validation('A condition must be specified');
  const checked = conditions.map((condition) => {
    const field = condition.Field as keyof typeof configs;
    const name = configs[field];
    if (!name)
      throw validation(`Condition field '${condition.Field}' must be one of '[${Object.keys(configs).join(', ')}]'`);
    const config = condition[name] ?? (condition.Values ? { Values: condition.Values } : undefined);
    const values: readonly unknown[] = config?.Values ?? [];
    if (values.length === 0) throw validation(`A condition value must be specified for '${field}'`);
    const plain = field === 'host-header' || field === 'path-pattern' ? { Values: values as string[] } : {};
    return { Field: field, ...plain, [name]: config };
  });
  const count = checked.reduce((sum, condition) => sum + valuesIn(condition), 0);
  if (count > 5) throw validation('The rule has too many condition values: at most five are allowed');
  return checked;
}

const valuesIn = (condition: RuleCondition): number => {
  const name = configs[condition.Field as keyof typeof configs];
  return (condition[name]?.Values as readonly unknown[] | undefined)?.length ?? 0;
};
