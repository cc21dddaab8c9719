import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import { changeAttributes, listAttributes, listenerDefaults } from '../attributes.ts';
import { checkActions } from '../check-actions.ts';
import { duplicateListener, invalidMarker, listenerNotFound, notHere, validation } from '../errors.ts';
import { type Handler, type Listener, listenerAddresses, listeners, rules, tags } from '../model.ts';
import { requireLoadBalancer } from './load-balancers.ts';

export function requireListener({ store }: Context, arn: string | undefined): Listener {
  const found = store.table(listeners).get(arn ?? '');
  if (!found) throw listenerNotFound(arn ?? '');
  return found;
}

function checkPort(port: number | undefined, protocol: string | undefined): number {
  if (protocol !== 'HTTP')
    throw protocol
      ? notHere(`a listener with protocol ${protocol}`)
      : validation('A listener protocol must be specified');
  if (!port || port < 1 || port > 65_535) throw validation('A listener port between 1 and 65535 must be specified');
  return port;
}

export const createListener: Handler<'CreateListener'> = (input, context) => {
  const { LoadBalancerArn } = requireLoadBalancer(context, input.LoadBalancerArn);
  const Port = checkPort(input.Port, input.Protocol);
  const rows = context.store.table(listeners);
  if (rows.by('loadBalancer', LoadBalancerArn).some((one) => one.Port === Port)) throw duplicateListener(Port);
  const ListenerArn = `${LoadBalancerArn.replace(':loadbalancer/', ':listener/')}/${context.ids.hex('elbv2/listener', 16)}`;
  const DefaultActions = checkActions(input.DefaultActions, context);
  const listener: Listener = {
    ListenerArn,
    LoadBalancerArn,
    Port,
    Protocol: 'HTTP',
    DefaultActions,
    attributes: listenerDefaults,
  };
  rows.put(ListenerArn, listener);
  putDefaultRule(listener, context);
  if (input.Tags) context.store.table(tags).put(ListenerArn, input.Tags);
  return { Listeners: [shown(listener)] };
};

/** Every listener has a rule of its own for what no other rule takes. */
function putDefaultRule({ ListenerArn, DefaultActions }: Listener, context: Context): void {
  const rows = context.store.table(rules);
  const known = rows.by('listener', ListenerArn).find((rule) => rule.IsDefault);
  const RuleArn =
    known?.RuleArn ?? `${ListenerArn.replace(':listener/', ':listener-rule/')}/${context.ids.hex('elbv2/rule', 16)}`;
  rows.put(RuleArn, {
    RuleArn,
    listenerArn: ListenerArn,
    Priority: 'default',
    Conditions: [],
    Actions: DefaultActions,
    IsDefault: true,
  });
}

const shown = ({ attributes: _, ...listener }: Listener) => listener;

export const describeListeners: Handler<'DescribeListeners'> = (input, context) => {
  const wanted =
    input.ListenerArns?.map((arn) => requireListener(context, arn)) ??
    (input.LoadBalancerArn
      ? context.store
          .table(listeners)
          .by('loadBalancer', requireLoadBalancer(context, input.LoadBalancerArn).LoadBalancerArn)
      : context.store.table(listeners).list());
  const { items, nextToken } = page(wanted, {
    token: input.Marker,
    size: input.PageSize ?? 400,
    invalid: invalidMarker,
  });
  return { Listeners: items.map(shown), ...(nextToken ? { NextMarker: nextToken } : {}) };
};

export const modifyListener: Handler<'ModifyListener'> = (input, context) => {
  const listener = requireListener(context, input.ListenerArn);
  const Port = checkPort(input.Port ?? listener.Port, input.Protocol ?? listener.Protocol);
  const others = context.store.table(listeners).by('loadBalancer', listener.LoadBalancerArn);
  if (others.some((one) => one.ListenerArn !== listener.ListenerArn && one.Port === Port))
    throw duplicateListener(Port);
  const DefaultActions = input.DefaultActions ? checkActions(input.DefaultActions, context) : listener.DefaultActions;
  const changed = context.store.table(listeners).put(listener.ListenerArn, { ...listener, Port, DefaultActions });
  putDefaultRule(changed, context);
  return { Listeners: [shown(changed)] };
};

export const deleteListener: Handler<'DeleteListener'> = ({ ListenerArn }, context) => {
  removeListener(context, requireListener(context, ListenerArn));
  return {};
};

export function removeListener({ store }: Context, { ListenerArn }: Listener): void {
  for (const rule of store.table(rules).by('listener', ListenerArn)) {
    store.table(tags).delete(rule.RuleArn);
    store.table(rules).delete(rule.RuleArn);
  }
  store.table(tags).delete(ListenerArn);
  store.table(listenerAddresses).delete(ListenerArn);
  store.table(listeners).delete(ListenerArn);
}

export const describeListenerAttributes: Handler<'DescribeListenerAttributes'> = ({ ListenerArn }, context) => ({
  Attributes: listAttributes(requireListener(context, ListenerArn).attributes),
});

export const modifyListenerAttributes: Handler<'ModifyListenerAttributes'> = ({ ListenerArn, Attributes }, context) => {
  const listener = requireListener(context, ListenerArn);
  const attributes = changeAttributes(listener.attributes, Attributes);
  context.store.table(listeners).put(ListenerArn, { ...listener, attributes });
  return { Attributes: listAttributes(attributes) };
};
