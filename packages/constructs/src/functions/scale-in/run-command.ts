import { messageOf } from '../aws.ts';
import { COMMAND_TIMEOUT_MS } from './settings.ts';
import type { CommandResult, ScaleIn } from './state.ts';
import type { Acting } from './take.ts';

/** The part of a call that is left free for noting how the command went. */
const NOTING_MS = 5_000;

/** Runs the shutdown command inside the container and tells how that went. It never fails: ECS's SIGTERM is still to come. */
export async function runCommand({ parts, scaleIn, end }: Acting): Promise<Partial<ScaleIn>> {
  if (!scaleIn?.command) throw new Error('the start of a command must be noted before it runs');
  const { settings, now, log } = parts;
  const left_ms = Math.max(end - now() - NOTING_MS, NOTING_MS);
  const result = await attempt(parts, scaleIn.victim.arn, Math.min(COMMAND_TIMEOUT_MS, left_ms));
  log({ event: 'shutdown-command', task: scaleIn.victim.id, command: settings.command, ...result });
  return { command: { ...scaleIn.command, result } };
}

async function attempt(
  { aws, settings, followSession }: Acting['parts'],
  task: string,
  timeout_ms: number,
): Promise<CommandResult> {
  try {
    const { session } = await aws.executeCommand({
      cluster: settings.cluster,
      task,
      container: settings.container,
      command: commandLine(settings.command),
      interactive: true,
    });
    const { streamUrl, tokenValue } = session ?? {};
    if (streamUrl === undefined || tokenValue === undefined) {
      return { kind: 'refused', message: 'ExecuteCommand answered without a session' };
    }
    const { output, exitCode, ended } = await followSession({ streamUrl, tokenValue }, timeout_ms);
    return ended ? { kind: 'ended', output, ...(exitCode !== undefined && { exitCode }) } : { kind: 'hanging', output };
  } catch (error) {
    return { kind: 'refused', message: messageOf(error) };
  }
}

/** ECS takes one line and splits it as a shell would. */
export const commandLine = (words: readonly string[]): string =>
  words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
