import { expect, test } from 'vitest';
import { pickContainer, pickRunning } from './exec.ts';
import { logPlaces } from './log-places.ts';
import { pickMail } from './mail.ts';
import { wholeNumber } from './numbers.ts';
import { pickPlaces, pickTasks } from './plan-log-view.ts';
import { boundsWarning } from './scale.ts';
import { pickService } from './services.ts';
import { commandLine } from './session-command.ts';
import { ageText } from './times.ts';

const service = (cluster: string, name: string) => ({ cluster, name });
const services = [service('main', 'web'), service('main', 'api'), service('other', 'api')];

test.each([
  { asked: 'web', found: service('main', 'web') },
  { asked: 'main/web', found: service('main', 'web') },
  { asked: 'other/api', found: service('other', 'api') },
])('the service "$asked" is found', ({ asked, found }) => {
  expect(pickService(asked, services)).toEqual(found);
});

test.each([
  { asked: 'api', among: services, code: 'ServiceAmbiguous', next: /main\/api or other\/api/ },
  { asked: 'wob', among: services, code: 'ServiceNotFound', next: /there is web, main\/api, other\/api/ },
  { asked: 'other/web', among: services, code: 'ServiceNotFound', next: /web/ },
  { asked: 'web', among: [], code: 'ServiceNotFound', next: /rockpool up/ },
])('the service "$asked" is refused with $code', ({ asked, among, code, next }) => {
  expect(() => pickService(asked, among)).toThrow(
    expect.objectContaining({ code, next: [expect.stringMatching(next)] }) as Error,
  );
});

const task = (id: string, lastStatus = 'RUNNING') => ({ taskArn: `arn:aws:ecs:::task/main/${id}`, lastStatus });
const tasks = [task('aa11'), task('aa22'), task('bb33', 'STOPPED')];

test.each([
  { asked: undefined, found: tasks },
  { asked: 'aa', found: [tasks[0], tasks[1]] },
  { asked: 'bb33', found: [tasks[2]] },
  { asked: 'arn:aws:ecs:::task/main/aa22', found: [tasks[1]] },
])('the task $asked is found', ({ asked, found }) => {
  expect(pickTasks(asked, tasks)).toEqual(found);
});

test.each(['cc', '', '3'])('the task "%s" is refused, with those there are', (asked) => {
  expect(() => pickTasks(asked, tasks)).toThrow(
    expect.objectContaining({ code: 'TaskNotFound', next: ['there is aa11, aa22, bb33'] }) as Error,
  );
});

test.each([
  { case: 'any running one', tasks: [task('a', 'PENDING'), task('b')], asked: undefined, found: 'b' },
  { case: 'the one asked for', tasks: [task('a'), task('b')], asked: 'b', found: 'b' },
  { case: 'one that drains', tasks: [task('a'), task('b', 'DEACTIVATING')], asked: 'b', found: 'b' },
])('a command goes to $case', ({ tasks: among, asked, found }) => {
  expect(pickRunning({ name: 'web' }, among, asked)).toEqual(among.find((one) => one.taskArn.endsWith(found)));
});

test('no command without a running task', () => {
  const among = [task('a', 'PENDING'), task('b', 'STOPPED')];
  expect(() => pickRunning({ name: 'web' }, among, undefined)).toThrow('no task of web is running');
  expect(() => pickRunning({ name: 'web' }, among, 'b')).toThrow('there is no task "b"');
});

test.each([
  { case: 'the only one', containers: [{ name: 'app' }], asked: undefined, found: 'app' },
  {
    case: 'the first essential one',
    containers: [
      { name: 'init', essential: false },
      { name: 'app', essential: true },
    ],
    asked: undefined,
    found: 'app',
  },
  { case: 'the one asked for', containers: [{ name: 'app' }, { name: 'metrics' }], asked: 'metrics', found: 'metrics' },
])('of the containers: $case', ({ containers, asked, found }) => {
  expect(pickContainer(containers, asked)).toBe(found);
});

const logged = (name: string, options: Record<string, string> | undefined, logDriver = 'awslogs') => ({
  name,
  logConfiguration: { logDriver: logDriver as 'awslogs', ...(options ? { options } : {}) },
});

test('log streams are where the awslogs driver writes', () => {
  const options = { 'awslogs-group': '/web', 'awslogs-stream-prefix': 'ecs' };
  const containers = [
    logged('app', options),
    logged('far', { ...options, 'awslogs-region': 'eu-west-1' }),
    logged('elsewhere', options, 'splunk'),
    logged('nowhere', {}),
    logged('unset', undefined),
    { name: 'silent' },
  ];
  const common = { service: 'web', task: 'aa11', group: '/web' };
  const places = logPlaces({ ...task('aa11'), group: 'service:web' }, containers, 'us-east-1');
  expect(places).toEqual([
    { ...common, container: 'app', stream: 'ecs/app/aa11', region: 'us-east-1' },
    { ...common, container: 'far', stream: 'ecs/far/aa11', region: 'eu-west-1' },
  ]);
  expect(pickPlaces('far', places)).toEqual([places[1]]);
  expect(() => pickPlaces('metrics', places)).toThrow(
    expect.objectContaining({ code: 'ContainerNotFound', next: ['there is app, far'] }) as Error,
  );
});

test.each([
  { count: 2, bounds: undefined, warning: undefined },
  { count: 1, bounds: { min: 1, max: 3 }, warning: undefined },
  { count: 3, bounds: { min: 1, max: 3 }, warning: undefined },
  { count: 0, bounds: { min: 1, max: 3 }, warning: /^0 is below its minimum of 1/ },
  { count: 4, bounds: { min: 1, max: 3 }, warning: /^4 is above its maximum of 3/ },
])('scaling to $count within $bounds', ({ count, bounds, warning }) => {
  const said = boundsWarning(count, bounds);
  if (warning) expect(said).toMatch(warning);
  else expect(said).toBeUndefined();
});

test.each(['', '-1', '1.5', 'many', '1e3', '9999999999'])('"%s" is no count', (written) => {
  expect(() => wholeNumber('the count', written)).toThrow(expect.objectContaining({ code: 'WrongOption' }) as Error);
});

const mail = (id: string) => ({ ...{ id, receivedAt: 0, from: 'a@b', to: ['c@d'] }, subject: id, text: '' });
const mails = [mail('3aaaaaaa-1'), mail('3bbbbbbb-2'), mail('cccccccc-3')];

test.each([
  { asked: '3', found: mails[2] },
  { asked: '3bbbbbbb', found: mails[1] },
  { asked: 'cccccccc-3', found: mails[2] },
])('the mail $asked is found', ({ asked, found }) => {
  expect(pickMail(asked, mails)).toBe(found);
});

test.each([
  { asked: '4', among: mails, next: 'the mailbox has 3 mails: rockpool mail lists them' },
  { asked: '0', among: mails, next: 'the mailbox has 3 mails: rockpool mail lists them' },
  { asked: '', among: mails, next: 'the mailbox has 3 mails: rockpool mail lists them' },
  { asked: '1', among: [], next: 'no mail has come yet' },
])('the mail "$asked" is refused', ({ asked, among, next }) => {
  expect(() => pickMail(asked, among)).toThrow(
    expect.objectContaining({ code: 'MailNotFound', next: [next] }) as Error,
  );
});

test.each([
  { words: ['lm', 'stat'], line: 'lm stat' },
  { words: ['echo', 'a b', "it's", ''], line: `echo 'a b' 'it'\\''s' ''` },
  { words: ['sh', '-c', 'echo $HOME > /tmp/x'], line: `sh -c 'echo $HOME > /tmp/x'` },
])('$words are sent as $line', ({ words, line }) => {
  expect(commandLine(words)).toBe(line);
});

test.each([
  { seconds: -3, text: '0s' },
  { seconds: 45.9, text: '45s' },
  { seconds: 60, text: '1m' },
  { seconds: 192, text: '3m 12s' },
  { seconds: 7500, text: '2h 5m' },
  { seconds: 273_600, text: '3d 4h' },
])('$seconds seconds are $text', ({ seconds, text }) => {
  expect(ageText(seconds)).toBe(text);
});
