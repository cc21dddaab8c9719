import type { Target } from '@aws-sdk/client-eventbridge';
import type { Json, JsonObject } from '../patterns/event-pattern.ts';
import { valueAt } from './json-path.ts';

/** What the variables that EventBridge defines itself stand for. */
export interface RuleFacts {
  readonly ruleArn: string;
  readonly ruleName: string;
  /** ISO 8601. */
  readonly ingestionTime: string;
}

/** The text a target is given: its constant input, a part of the event, its template filled in, or the whole event. */
export function targetInput(
  { Input, InputPath, InputTransformer }: Pick<Target, 'Input' | 'InputPath' | 'InputTransformer'>,
  event: JsonObject,
  rule: RuleFacts,
): string {
  if (Input !== undefined) return Input;
  if (InputPath !== undefined) return JSON.stringify(valueAt(InputPath, event) ?? null);
  if (!InputTransformer) return JSON.stringify(event);
  return fillTemplate(
    InputTransformer.InputTemplate ?? '',
    variablesOf(InputTransformer.InputPathsMap ?? {}, event, rule),
  );
}

function variablesOf(
  paths: Readonly<Record<string, string>>,
  event: JsonObject,
  rule: RuleFacts,
): ReadonlyMap<string, Json | undefined> {
  const { detail: _, ...withoutDetail } = event;
  return new Map<string, Json | undefined>([
    ...Object.entries(paths).map(([name, path]) => [name, valueAt(path, event)] as const),
    ['aws.events.rule-arn', rule.ruleArn],
    ['aws.events.rule-name', rule.ruleName],
    ['aws.events.event.ingestion-time', rule.ingestionTime],
    ['aws.events.event', withoutDetail],
    ['aws.events.event.json', event],
  ]);
}

/**
 * Replaces each `<name>`. Within quotes a value goes in as it is, unescaped; outside of them it goes in as JSON. A name that is no
 * variable stays; a variable whose path found nothing becomes empty. Source: EventBridge user guide, "Input transformation".
 */
function fillTemplate(template: string, variables: ReadonlyMap<string, Json | undefined>): string {
  let isQuoted = false;
  return template.replace(/\\.|"|<([^<>\s"]+)>/g, (found, name: string | undefined) => {
    if (found === '"') isQuoted = !isQuoted;
    if (name === undefined || !variables.has(name)) return found;
    const value = variables.get(name);
    if (isQuoted) return value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
    return value === undefined ? '""' : JSON.stringify(value);
  });
}
