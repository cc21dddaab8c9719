import { engineStatus, type Session } from '../session.ts';
import { readEvents } from './event-log.ts';
import { type DeniedRequest, planDenials } from './plan-denials.ts';
import { momentText } from './times.ts';

const shown_max = 5;

/** Tells of the last requests that permissions refused: who asked for what, which policies had a say, and which statement is missing. */
export async function whyDeniedVerb(session: Session): Promise<void> {
  await engineStatus(session);
  const denials = planDenials(await readEvents(session, { type: 'iam/request-denied' }), shown_max);
  const { terminal, json } = session;
  if (json) terminal.out(`${JSON.stringify(denials)}\n`);
  else terminal.out(denials.length === 0 ? 'no request was refused\n' : `${denials.map(renderDenial).join('\n\n')}\n`);
}

export function renderDenial(denied: DeniedRequest): string {
  const { time, times, caller, request, action, resource, kind, deniedBy, missing, policies, unknown } = denied;
  const often = times === 1 ? '' : `, ${times} times, last`;
  return [
    `${action} on ${resource} was refused${often} at ${momentText(time)}`,
    `  who      ${caller}`,
    `  asked    ${request}`,
    `  why      ${deniedBy === undefined ? `no ${kinds[kind] ?? kind} allows it` : `${deniedBy} denies it`}`,
    `  policies ${policies.length > 0 ? policies.join(', ') : 'no policy: there is none'}`,
    ...(unknown.length > 0 ? [`  not known here, so they allow nothing: ${unknown.join(', ')}`] : []),
    missing === undefined ? `  next     change ${deniedBy ?? 'the policy'}` : `  missing  ${JSON.stringify(missing)}`,
  ].join('\n');
}

const kinds: Readonly<Record<string, string>> = {
  identity: 'identity-based policy',
  resource: 'resource-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
};
