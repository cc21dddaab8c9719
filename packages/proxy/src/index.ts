export { TableError } from './check-table.ts';
export type {
  AccessLine,
  Applied,
  AppliedListener,
  Counts,
  Distribution,
  ListenerCounts,
  Probe,
  ProbeError,
  ProxyReport,
  TargetCounts,
} from './report.ts';
export type {
  Action,
  Address,
  Condition,
  FixedResponseAction,
  ForwardAction,
  Listener,
  QueryPair,
  RedirectAction,
  RoutingTable,
  Rule,
  Stickiness,
  Target,
  TargetGroup,
  TargetKey,
  TargetState,
  WeightedGroup,
} from './routing-table.ts';
export { type ProxyOptions, startProxy, type TrafficProxy } from './start-proxy.ts';
