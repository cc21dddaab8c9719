import { figure, inWords, type Mail, mail } from '../mail.ts';
import type { ScaleInSettings } from './settings.ts';
import type { CommandState, MailKind, ScaleIn } from './state.ts';

/** What people are told about a scale-in, at each turn of it. */
export function scaleInMail(kind: MailKind, scaleIn: ScaleIn, now: number, settings: ScaleInSettings): Mail {
  const { service } = settings;
  const task = scaleIn.victim.id;
  const reason = scaleIn.outcome?.reason;
  switch (kind) {
    case 'requested':
      return mail(`${service}: scale-in requested`, `Container ${task} of ${service} has little to do and is to go.`, [
        ...facts(scaleIn, settings),
        ['Alarm', scaleIn.because.alarm],
      ]);
    case 'drained':
      return mail(`${service}: container drained`, `Container ${task} of ${service} has nothing left to do.`, [
        ...facts(scaleIn, settings),
        ['Drained in', since(scaleIn.chosenAt, now)],
        ['Next', settings.command.length > 0 ? `${settings.command.join(' ')} in it` : 'ECS stops it'],
      ]);
    case 'stopped':
      return mail(`${service}: container stopped`, `Container ${task} of ${service} was shut down and is gone.`, [
        ...facts(scaleIn, settings),
        ...end(scaleIn, now),
      ]);
    case 'aborted':
      return mail(`${service}: scale-in aborted`, `The scale-in of container ${task} of ${service} was given up.`, [
        ...facts(scaleIn, settings),
        ['Because', reason],
        ['Now', 'the service is to have as many containers as before'],
        ...end(scaleIn, now),
      ]);
    case 'failed':
      return mail(
        `${service}: scale-in failed`,
        `The scale-in of container ${task} of ${service} did not go as it should.`,
        [...facts(scaleIn, settings), ['Because', reason], ...end(scaleIn, now)],
      );
  }
}

type Line = readonly [string, string | undefined];

function facts({ victim, because, count }: ScaleIn, { cluster, service }: ScaleInSettings): Line[] {
  return [
    ['Service', `${service} in cluster ${cluster}`],
    ['Container', victim.id],
    ['Why', `${because.metric} was ${figure(because.value)}, below ${figure(because.threshold)}`],
    ['Containers', `${count.from} -> ${count.to}`],
  ];
}

function end({ requestedAt, exit, command }: ScaleIn, now: number): Line[] {
  const code = exit?.code === undefined ? undefined : `exit code ${exit.code}`;
  return [
    ['Shut down by', howItStopped(command)],
    ['Ended', [code, exit?.reason].filter((part) => part !== undefined).join(', ') || undefined],
    ['Took', inWords((exit?.at ?? now) - requestedAt)],
  ];
}

function howItStopped(command: CommandState | undefined): string | undefined {
  if (!command) return undefined;
  const { result } = command;
  switch (result?.kind) {
    case 'ended':
      return `the command, which ended${result.exitCode === undefined ? '' : ` with ${result.exitCode}`}${quoted(result.output)}`;
    case 'hanging':
      return `SIGTERM, because the command did not end${quoted(result.output)}`;
    case 'refused':
      return `SIGTERM, because the command could not be run: ${result.message}`;
    case undefined:
      return 'the command, whose end nobody saw';
  }
}

/** The last line of what the command printed. */
function quoted(output: string): string {
  const last = output
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .at(-1);
  return last === undefined ? '' : `: ${last.trim()}`;
}

const since = (start: number | undefined, now: number) => (start === undefined ? undefined : inWords(now - start));
