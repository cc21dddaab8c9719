import { Command, Option } from 'commander';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';

type Environment = Readonly<Record<string, string | undefined>>;

interface GlobalOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly json?: boolean;
}

/** The command line: every verb with its options, its example and what it runs. The verbs' code is loaded when they run. */
export function makeProgram(terminal: Terminal, environment: Environment): Command {
  const program = new Command('rockpool')
    .description('Run your container platform on this machine, from the definition that goes to production.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) })
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 something the message says how to put right, 2 wrong usage, 70 a bug of ours.\nReference: docs/cli.md',
    );
  const session = (command: Command): Session => {
    const { endpoint, region, json = false } = command.optsWithGlobals<GlobalOptions>();
    return { terminal, endpoint, region, json };
  };
  const verb = (parent: Command, name: string, description: string, example: string): Command =>
    parent
      .command(name)
      .description(description)
      .addHelpText('after', `\nExample:\n  ${example.replaceAll('\n', '\n  ')}`)
      .addOption(
        new Option('--endpoint <url>', 'the engine to talk to').default(
          environment['AWS_ENDPOINT_URL'] ?? 'http://127.0.0.1:4566',
        ),
      )
      .addOption(
        new Option('--region <name>', 'the region').default(
          environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'] ?? 'us-east-1',
        ),
      )
      .option('--json', 'print data as JSON');
  addEngineVerbs(program, verb, session);
  addPlatformVerbs(program, verb, session);
  addServiceVerbs(program, verb, session);
  return program;
}

type AddVerb = (parent: Command, name: string, description: string, example: string) => Command;
type GetSession = (command: Command) => Session;

function addEngineVerbs(program: Command, verb: AddVerb, session: GetSession): void {
  const engine = program.command('engine').description('start, look at and stop the engine').exitOverride();
  verb(
    engine,
    'start',
    'start an engine',
    'rockpool engine start --detach\nrockpool engine start --port 4600 --state ./state --speed 20',
  )
    .option('--port <number>', 'port of the AWS API (0 takes any free one)', '4566')
    .option('--state <dir>', 'where everything is kept', '.rockpool')
    .option('--speed <factor>', 'how many seconds of the platform pass in one real second', '1')
    .option('--account <id>', 'the account id', '000000000000')
    .option('--strict', 'refuse resource types that nothing stands behind here, instead of recording them')
    .option('--smtp <url>', 'send mails to this server instead of the built-in mailbox, smtp://host:port')
    .option('--detach', 'go on in the background')
    .action(async (options, command: Command) =>
      (await import('./engine/start.ts')).startEngineVerb(session(command), options),
    );
  verb(engine, 'status', 'say whether an engine runs, and how', 'rockpool engine status --json').action(
    async (_, command: Command) => (await import('./engine/status.ts')).engineStatusVerb(session(command)),
  );
  verb(engine, 'stop', 'stop the engine and the tasks it runs', 'rockpool engine stop --keep-tasks')
    .option('--keep-tasks', 'leave tasks running; the next start finds them again')
    .action(async (options, command: Command) =>
      (await import('./engine/stop.ts')).stopEngineVerb(session(command), options),
    );
}

function addPlatformVerbs(program: Command, verb: AddVerb, session: GetSession): void {
  verb(
    program,
    'up',
    'synthesise the app and deploy it',
    'rockpool up --app examples/license-manager -c alertEmail=ops@example.com',
  )
    .option('--app <dir>', 'the folder with cdk.json', '.')
    .option('-c, --context <name=value...>', 'context for the synthesis, such as inputs')
    .action(async (options, command: Command) => (await import('./up/up.ts')).upVerb(session(command), options));
  verb(
    program,
    'down',
    'delete what `up` deployed, and what it published for it',
    'rockpool down --app examples/license-manager',
  )
    .option('--app <dir>', 'the folder with cdk.json', '.')
    .option('-c, --context <name=value...>', 'context for the synthesis, such as inputs')
    .option('--drain', 'let the load balancers drain their targets for as long as their deregistration delay says')
    .action(async (options, command: Command) => (await import('./up/down.ts')).downVerb(session(command), options));
  verb(
    program,
    'push',
    "pack a folder with a Dockerfile into the engine's registry, without Docker",
    'rockpool push examples/license-manager/app 127.0.0.1:4566/licence-server:1',
  )
    .argument('<dir>', 'the folder with the Dockerfile')
    .argument('<image>', "the repository's URI, and a tag")
    .action(async (folder: string, image: string, _, command: Command) =>
      (await import('./verbs/push.ts')).pushVerb(session(command), folder, image),
    );
  verb(
    program,
    'status',
    'services, tasks, targets, alarms and addresses',
    'rockpool status\nrockpool status --json',
  ).action(async (_, command: Command) => (await import('./verbs/status.ts')).statusVerb(session(command)));
  verb(program, 'events', 'what happened, and who did it', 'rockpool events -f')
    .option('-f, --follow', 'go on with what happens')
    .option('--since <sequence>', 'only events after this one', '0')
    .option('--type <prefix>', 'only events of this type, e.g. ecs/ or cloudwatch/alarm-state-changed')
    .action(async (options, command: Command) =>
      (await import('./verbs/events.ts')).eventsVerb(session(command), options),
    );
  verb(program, 'mail', 'the mails in the built-in mailbox', 'rockpool mail\nrockpool mail --id 3')
    .option('--id <number>', 'one mail, whole')
    .action(async (options, command: Command) => (await import('./verbs/mail.ts')).mailVerb(session(command), options));
  verb(
    program,
    'throttle',
    'refuse requests that come too often, as AWS does',
    'rockpool throttle ecs:DescribeServices --rate 1 --burst 2\nrockpool throttle\nrockpool throttle --clear',
  )
    .argument('[requests]', 'an operation as in policies, or a service for all of its operations together')
    .option('--rate <number>', 'how many requests a second of the platform, in each account and region')
    .option('--burst <number>', 'how many at once before that; the rate when left out, at least 1')
    .option('--clear', 'take the limit away; every limit where no requests are named')
    .action(async (requests: string | undefined, options, command: Command) =>
      (await import('./verbs/throttle.ts')).throttleVerb(session(command), requests, options),
    );
}

function addServiceVerbs(program: Command, verb: AddVerb, session: GetSession): void {
  verb(program, 'logs', 'what the containers of a service print', 'rockpool logs license-manager -f')
    .argument('[service]', 'the service; all when left out')
    .option('-f, --follow', 'go on with what they print')
    .option('--container <name>', 'only this container')
    .option('--task <id>', 'only this task; a stopped one too')
    .option('--lines <number>', 'how many lines from before', '50')
    .action(async (service: string | undefined, options, command: Command) =>
      (await import('./verbs/logs.ts')).logsVerb(session(command), service, options),
    );
  verb(
    program,
    'why',
    'why a service has as many tasks as it has, or why requests were refused',
    'rockpool why license-manager\nrockpool why denied',
  )
    .argument('<subject>', 'a service, or the word denied')
    .action(async (subject: string, _, command: Command) =>
      subject === 'denied'
        ? (await import('./verbs/why-denied.ts')).whyDeniedVerb(session(command))
        : (await import('./verbs/why.ts')).whyVerb(session(command), subject),
    );
  verb(program, 'scale', 'set how many tasks a service has', 'rockpool scale license-manager 3')
    .argument('<service>', 'the service')
    .argument('<count>', 'how many tasks')
    .action(async (service: string, count: string, _, command: Command) =>
      (await import('./verbs/scale.ts')).scaleVerb(session(command), service, count),
    );
  verb(program, 'exec', 'run a command in a container', 'rockpool exec license-manager -- lm stat')
    .argument('<service>', 'the service')
    .argument('<command...>', 'the command and its arguments, after --')
    .option('--container <name>', 'the container; the first essential one when left out')
    .option('--task <id>', 'the task; any running one when left out')
    .action(async (service: string, words: string[], options, command: Command) =>
      (await import('./verbs/exec.ts')).execVerb(session(command), service, words, options),
    );
}
