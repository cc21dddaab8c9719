// What an environment's process runs: loads the handler, then takes one event a line from standard input and reports on descriptor 3.
// Plain JavaScript, and next to no imports: stripping types would cost every environment 17 MB and twice its starting time.
import { existsSync, readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { takeAnswerAddresses } from './answer-addresses.mjs';

const { env, stdin } = process;
const taskRoot = env.LAMBDA_TASK_ROOT ?? process.cwd();
const speed = Number(env.ROCKPOOL_SPEED ?? 1);
const major = Number(/nodejs(\d+)/.exec(env.AWS_EXECUTION_ENV ?? '')?.[1] ?? 24);

/** The event that the handler has now. */
let current;

/** Whole and at once, so that nothing is lost when the function ends the process. */
function report(message) {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let sent = 0; sent < bytes.length; )
    try {
      sent += writeSync(3, bytes, sent);
    } catch (error) {
      if (error.code === 'EPIPE') process.kill(process.pid, 'SIGKILL');
      if (error.code !== 'EAGAIN') throw error;
    }
}

const memory_bytes = () => process.resourceUsage().maxRSS * 1024;

// The platform's time, for the log.
const [, start, realStart] = /^([\d.]+)@([\d.]+)x/.exec(env.ROCKPOOL_CLOCK ?? '') ?? [];
const now = () => new Date(start ? Number(start) + (Date.now() - Number(realStart)) * speed : Date.now()).toISOString();

const levels = { trace: 'TRACE', debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR' };

function textEntry(level, args) {
  return `${now()}\t${current?.requestId}\t${level}\t${format(...args)}`;
}

function jsonEntry(level, args) {
  const entry = { timestamp: now(), level, requestId: current?.requestId };
  const [only] = args;
  if (args.length === 1 && only instanceof Error)
    return JSON.stringify({ ...entry, errorType: only.name, errorMessage: only.message, stackTrace: trace(only) });
  return JSON.stringify({ ...entry, message: args.length === 1 && typeof only === 'object' ? only : format(...args) });
}

/** What is logged goes the same way as answers, and so before the answer it belongs to. */
function takeOutput() {
  const entryOf = env.AWS_LAMBDA_LOG_FORMAT === 'JSON' ? jsonEntry : textEntry;
  const order = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
  const least = order.indexOf(env.AWS_LAMBDA_LOG_LEVEL);
  for (const [name, level] of Object.entries(levels))
    console[name] = (...args) => {
      if (order.indexOf(level) >= least) report({ kind: 'output', lines: [entryOf(level, args)] });
    };
  for (const stream of [process.stdout, process.stderr]) {
    let rest = '';
    stream.write = (chunk, encoding, done) => {
      const lines = (rest + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())).split('\n');
      rest = lines.pop() ?? '';
      if (lines.length > 0) report({ kind: 'output', lines });
      const callback = typeof encoding === 'function' ? encoding : done;
      if (callback) process.nextTick(callback);
      return true;
    };
  }
}

const trace = (error) => String(error.stack ?? '').split('\n');

const told = (error) =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: trace(error) }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };

class RuntimeFault extends Error {
  constructor(kind, message) {
    super(message);
    this.name = `Runtime.${kind}`;
  }
}

/** Tells the last there is to tell, and ends. */
function fail(error, status) {
  report({ kind: 'failed', requestId: current?.requestId, error, memory_bytes: memory_bytes(), ended: true });
  process.exit(status);
}

/** `folder/file.name.of.export`, as Lambda reads it. */
async function loadHandler(text) {
  const [, file, path] = /^([^.]*)\.(.+)$/.exec(basename(text)) ?? [];
  if (!file) throw new RuntimeFault('MalformedHandlerName', 'Bad handler');
  let found = await loadModule(resolve(taskRoot, dirname(text), file), file);
  for (const name of path.split('.')) found = found?.[name];
  if (found === undefined) throw new RuntimeFault('HandlerNotFound', `${text} is undefined or not exported`);
  if (typeof found !== 'function') throw new RuntimeFault('HandlerNotFound', `${text} is not a function`);
  if (major >= 24 && found.length >= 3)
    throw new RuntimeFault(
      'CallbackHandlerDeprecated',
      'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later.',
    );
  return found;
}

async function loadModule(path, file) {
  const found = ['', '.js', '.mjs', '.cjs'].map((extension) => path + extension).find((each) => isFile(each));
  if (!found) throw new RuntimeFault('ImportModuleError', `Error: Cannot find module '${file}'`);
  try {
    return isModule(found) ? await import(pathToFileURL(found).href) : createRequire(found)(found);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeFault('UserCodeSyntaxError', `SyntaxError: ${error.message}`);
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND')
      throw new RuntimeFault('ImportModuleError', `Error: ${error.message}`);
    throw error;
  }
}

const isFile = (path) => existsSync(path) && !path.endsWith('/') && /\.[cm]?js$/.test(path);

function isModule(file) {
  if (file.endsWith('.mjs')) return true;
  if (file.endsWith('.cjs')) return false;
  for (let folder = dirname(file); folder.startsWith(taskRoot); folder = dirname(folder)) {
    const description = join(folder, 'package.json');
    if (existsSync(description)) return JSON.parse(readFileSync(description, 'utf8')).type === 'module';
  }
  return false;
}

function contextFor(event) {
  // The machine's time, like everything that the function can measure: what it waits with `setTimeout` fits into it.
  const deadline = performance.now() + event.timeout_ms / speed;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    awsRequestId: event.requestId,
    invokedFunctionArn: event.invokedArn,
    clientContext: event.clientContext,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
  };
}

function settle(event, message) {
  if (current !== event) return;
  report({ ...message, requestId: event.requestId, memory_bytes: memory_bytes() });
  current = undefined;
  stdin.ref();
}

function answer(event, value) {
  let payload;
  try {
    payload = JSON.stringify(value === undefined ? null : value) ?? 'null';
  } catch (error) {
    return refuse(event, error);
  }
  settle(event, { kind: 'answered', payload });
}

function refuse(event, error) {
  const { trace: stack, ...rest } = told(error);
  report({
    kind: 'output',
    lines: [`${now()}\t${event.requestId}\tERROR\tInvoke Error \t${JSON.stringify({ ...rest, stack })}`],
  });
  settle(event, { kind: 'failed', error: { ...rest, trace: stack }, ended: false });
}

function call(handler, event) {
  const context = contextFor(event);
  if (major < 24) {
    context.succeed = (value) => answer(event, value);
    context.fail = (error) => refuse(event, error);
    context.done = (error, value) => (error ? refuse(event, error) : answer(event, value));
  }
  const callback = (error, value) => {
    const end = () => (error ? refuse(event, error) : answer(event, value));
    if (context.callbackWaitsForEmptyEventLoop) event.end = end;
    else end();
  };
  try {
    const returned = handler(JSON.parse(event.payload), context, callback);
    if (typeof returned?.then === 'function')
      returned.then(
        (value) => answer(event, value),
        (error) => refuse(event, error),
      );
    else if (major >= 24) answer(event, returned);
  } catch (error) {
    refuse(event, error);
  }
}

/** Nothing is left that could go on: what a callback said counts, and otherwise there is no answer. */
function concludeIdle() {
  const event = current;
  if (event) (event.end ?? (() => answer(event, undefined)))();
}

function serve(handler) {
  let rest = '';
  stdin.setEncoding('utf8');
  stdin.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      current = JSON.parse(line);
      // An event's own work keeps the process busy, and not the wait for the next one.
      stdin.unref();
      report({ kind: 'started', requestId: current.requestId });
      call(handler, current);
    }
  });
  // The engine is gone.
  stdin.on('end', () => process.exit(0));
  process.on('beforeExit', concludeIdle);
}

function unhandled(kind, status) {
  return (error) => {
    const { trace: stack, ...rest } = told(error);
    const known =
      kind === undefined
        ? { ...rest, trace: stack }
        : {
            errorType: `Runtime.${kind}`,
            errorMessage: error instanceof Error ? String(error) : rest.errorMessage,
            trace: stack,
          };
    report({
      kind: 'output',
      lines: [
        `${now()}\t${current?.requestId}\tERROR\t${kind ? 'Unhandled Promise Rejection' : 'Uncaught Exception'} \t${JSON.stringify(known)}`,
      ],
    });
    fail(known, status);
  };
}

takeOutput();
takeAnswerAddresses(env.AWS_ENDPOINT_URL);
process.on('uncaughtException', unhandled(undefined, 129));
process.on('unhandledRejection', unhandled('UnhandledPromiseRejection', 128));
try {
  serve(await loadHandler(env._HANDLER ?? ''));
} catch (error) {
  fail(told(error), 1);
}
