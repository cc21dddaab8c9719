import { parseArgs } from 'node:util';

/** What the command line asks for, or what is wrong with it. */
export type LmCommand =
  | { readonly do: 'help' }
  | { readonly do: 'stat'; readonly json: boolean }
  | {
      readonly do: 'down';
      readonly by?: string;
      readonly timeout_seconds: number;
      readonly force: boolean;
      readonly json: boolean;
    }
  | { readonly do: 'complain'; readonly about: string };

export const usage = `lm, the licence server's own command. Run it beside the server, with the server's environment.

  lm stat   [--json]                                     who holds which licence
  lm down   [--timeout SECONDS] [--force] [--by NAME] [--json]
            shut the server down: grant no new licence, wait until those in use have come back, lapsed or moved
            --timeout  how long to wait; 60 unless given, 0 with --force
            --force    take the licences that are left then from their clients; without it the server goes on
            --by       who asks, for the server's log

  Seconds are the platform's. Exit codes: 0 done, 1 not done, 2 not understood.
  Example: lm down --timeout 120 --by scale-in
`;

export function readCommand(args: readonly string[]): LmCommand {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        force: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        timeout: { type: 'string' },
        by: { type: 'string' },
      },
    });
    const { json, force, by, timeout, help } = values;
    const [verb, ...rest] = positionals;
    if (help || verb === 'help') return { do: 'help' };
    if (rest.length > 0) return { do: 'complain', about: `${verb} takes no argument ${rest[0]}` };
    if (verb === 'stat') return { do: 'stat', json };
    if (verb !== 'down') return { do: 'complain', about: verb ? `there is no command ${verb}` : 'no command given' };

    const timeout_seconds = timeout === undefined ? (force ? 0 : 60) : Number(timeout || Number.NaN);
    if (!Number.isFinite(timeout_seconds) || timeout_seconds < 0) {
      return { do: 'complain', about: `--timeout is "${timeout}", not a number of seconds` };
    }
    return { do: 'down', by, timeout_seconds, force, json };
  } catch (error) {
    return { do: 'complain', about: error instanceof Error ? error.message : String(error) };
  }
}
