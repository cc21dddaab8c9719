import type { Field } from '../http1/fields.ts';
import { chooseGroup } from '../routing/choose-target.ts';
import { cookieValue, readStickyCookie, setStickyCookie, setsCookie } from '../routing/stickiness.ts';
import type { ForwardAction } from '../routing-table.ts';
import type { UpstreamGroup } from './upstream-group.ts';
import type { UpstreamTarget } from './upstream-target.ts';

/** Where a forwarded request goes. */
export interface Route {
  readonly action: ForwardAction;
  readonly group: UpstreamGroup | undefined;
  readonly target: UpstreamTarget | undefined;
}

interface Circumstances {
  readonly fields: readonly Field[];
  readonly groups: ReadonlyMap<string, UpstreamGroup>;
  readonly now_ms: number;
  readonly random: () => number;
}

/** First the group, by its cookie or by weight; then the target in it, by its cookie or by the group's algorithm. */
export function routeForward(action: ForwardAction, circumstances: Circumstances): Route {
  const group = stickyGroup(action, circumstances) ?? weightedGroup(action, circumstances);
  if (group === undefined) return { action, group, target: undefined };
  const target =
    stickyTarget(group, circumstances) ??
    group.choose({ now_ms: circumstances.now_ms, random: circumstances.random() });
  return { action, group, target };
}

function weightedGroup(action: ForwardAction, { groups, random }: Circumstances): UpstreamGroup | undefined {
  const chosen = chooseGroup(action.targetGroups, action.targetGroups.length === 1 ? 0 : random());
  return chosen === undefined ? undefined : groups.get(chosen.id);
}

/** A client stays with its group while that has someone to serve it. */
function stickyGroup(action: ForwardAction, circumstances: Circumstances): UpstreamGroup | undefined {
  if (action.stickiness === undefined) return undefined;
  const mark = readStickyCookie(circumstances.fields, 'AWSALBTG', circumstances.now_ms);
  if (mark === undefined) return undefined;
  for (const { id } of action.targetGroups) {
    const group = circumstances.groups.get(id);
    if (group?.mark === mark && group.hasEligible) return group;
  }
  return undefined;
}

function stickyTarget(group: UpstreamGroup, { fields, now_ms }: Circumstances): UpstreamTarget | undefined {
  const mark = boundMark(group, fields, now_ms);
  return mark === undefined ? undefined : group.findByMark(mark);
}

function boundMark(group: UpstreamGroup, fields: readonly Field[], now_ms: number): string | undefined {
  const { stickiness } = group;
  if (stickiness === undefined) return undefined;
  if (stickiness.type === 'lb_cookie') return readStickyCookie(fields, 'AWSALB', now_ms);
  // Both cookies must come back: the application's own and the one ALB made for it.
  if (cookieValue(fields, stickiness.cookieName ?? '') === undefined) return undefined;
  return readStickyCookie(fields, 'AWSALBAPP-0', now_ms);
}

/** The Set-Cookie lines of an answer. Every answer renews what binds the client. */
export function stickyCookies(
  { action, group, target }: Route,
  answer: {
    readonly requestFields: readonly Field[];
    readonly responseFields: readonly Field[];
    readonly now_ms: number;
  },
): string {
  if (group === undefined || target === undefined) return '';
  const { now_ms } = answer;
  let lines = '';
  if (action.stickiness !== undefined) {
    lines += setStickyCookie('AWSALBTG', group.mark, { now_ms, duration_s: action.stickiness.duration_s });
  }
  const { stickiness } = group;
  if (stickiness === undefined) return lines;
  const binding = { now_ms, duration_s: stickiness.duration_s };
  if (stickiness.type === 'lb_cookie') return lines + setStickyCookie('AWSALB', target.mark, binding);
  const starts = setsCookie(answer.responseFields, stickiness.cookieName ?? '');
  const goesOn = boundMark(group, answer.requestFields, now_ms) === target.mark;
  return starts || goesOn ? lines + setStickyCookie('AWSALBAPP-0', target.mark, binding) : lines;
}
