import { afterEach, expect, test } from 'vitest';
import WebSocket from 'ws';
import { createWeb, register, serving, startEcsLab } from '../testing/ecs-lab.ts';
import { serveRoutes } from '../testing/http.ts';
import { decodeMessage, encodeMessage, flags, payloadTypes, terminateSession } from './agent-message.ts';
import { realTime } from './credentials.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Behave = NonNullable<Parameters<typeof startEcsLab>[0]>['behave'];

/** A service of one task with a role and ExecuteCommand, and its routes on a port. */
async function startServed(behave: Behave = () => ({})) {
  const environments: Record<string, string>[] = [];
  const world = startEcsLab({
    behave: (spec) => {
      environments.push({ ...spec.environment });
      return behave(spec);
    },
  });
  const taskDefinition = register(world.lab, 'web', { taskRoleArn: 'arn:aws:iam::000000000000:role/app' });
  createWeb(world, { taskDefinition, desiredCount: 1, enableExecuteCommand: true });
  const served = await serveRoutes(world.lab.kernel.service('ecs'), world.lab.kernel);
  closing.push(served.close);
  const [environment = {}] = environments;
  const at = (variable: string, path = '') =>
    `${environment[variable]}${path}`.replace('http://127.0.0.1:4566', served.url);
  const get = async (url: string, init: RequestInit = {}) => {
    const response = await fetch(url, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const [row] = serving(world);
  return { world, served, environment, at, get, row, taskArn: row?.task.taskArn ?? '' };
}

test('the metadata endpoint tells a container about itself and its task', async () => {
  const { at, get, taskArn } = await startServed();
  const own = await get(at('ECS_CONTAINER_METADATA_URI_V4'));
  expect(own.body).toMatchObject({
    Name: 'app',
    KnownStatus: 'RUNNING',
    Networks: [{ NetworkMode: 'awsvpc', IPv4Addresses: ['10.0.0.10'] }],
  });
  const task = await get(at('ECS_CONTAINER_METADATA_URI_V4', '/task'));
  expect(task.body).toMatchObject({
    TaskARN: taskArn,
    Family: 'web',
    Revision: '1',
    ServiceName: 'web',
    AvailabilityZone: 'us-east-1a',
    Containers: [{ Name: 'app' }],
  });
  expect((await get(at('ECS_CONTAINER_METADATA_URI_V4', '/nothing'))).status).toBe(404);
  expect((await get(at('ECS_CONTAINER_METADATA_URI_V4').replace(/v4\/.{4}/, 'v4/0000'))).status).toBe(404);
});

test("the task role's keys are for those who have the task's token", async () => {
  const { at, get, environment } = await startServed();
  const url = at('AWS_CONTAINER_CREDENTIALS_FULL_URI');
  expect((await get(url)).status).toBe(401);
  const authorization = environment['AWS_CONTAINER_AUTHORIZATION_TOKEN'] ?? '';
  const first = await get(url, { headers: { authorization } });
  expect(first.body).toMatchObject({
    RoleArn: 'arn:aws:iam::000000000000:role/app',
    AccessKeyId: expect.stringMatching(/^ASIA/),
    Token: expect.any(String),
    Expiration: expect.any(String),
  });
  expect(await get(url, { headers: { authorization } })).toEqual(first);
});

test('keys that are about to run out are renewed', async () => {
  const { at, get, environment, world } = await startServed();
  const headers = { authorization: environment['AWS_CONTAINER_AUTHORIZATION_TOKEN'] ?? '' };
  const first = await get(at('AWS_CONTAINER_CREDENTIALS_FULL_URI'), { headers });
  world.lab.advance('50m');
  const second = await get(at('AWS_CONTAINER_CREDENTIALS_FULL_URI'), { headers });
  expect(second.body['AccessKeyId']).not.toBe(first.body['AccessKeyId']);
});

test('a task protects itself at its agent endpoint', async () => {
  const { at, get, taskArn, world } = await startServed();
  const url = at('ECS_AGENT_URI', '/task-protection/v1/state');
  const put = (body: object) => get(url, { method: 'PUT', body: JSON.stringify(body) });
  const expires = new Date(world.lab.clock.now() + 60_000 * 60).toISOString();
  expect(await put({ ProtectionEnabled: true, ExpiresInMinutes: 60 })).toEqual({
    status: 200,
    body: { protection: { ExpirationDate: expires, ProtectionEnabled: true, TaskArn: taskArn } },
  });
  expect((await get(url)).body).toMatchObject({ protection: { ProtectionEnabled: true } });
  expect((await put({ ProtectionEnabled: false })).body).toMatchObject({
    protection: { ProtectionEnabled: false, ExpirationDate: null },
  });
  expect((await put({ ProtectionEnabled: true, ExpiresInMinutes: 0 })).body).toMatchObject({
    error: { Code: 'InvalidParameterException' },
  });
  expect((await put({})).status).toBe(400);
  expect(world.lab.events('ecs/task-protection-changed')).toMatchObject([
    { actor: { kind: 'role', arn: expect.stringContaining(':assumed-role/app/') } },
    { actor: { kind: 'role' } },
  ]);
});

/** The smallest client of the data channel: shows the token, gathers output, acknowledges nothing. */
async function join(session: { streamUrl?: string; tokenValue?: string } | undefined, url: string) {
  const socket = new WebSocket((session?.streamUrl ?? '').replace('ws://127.0.0.1:4566', url.replace('http', 'ws')));
  let output = '';
  const types: string[] = [];
  const seen: number[] = [];
  let sequence = 0;
  const acknowledged: number[] = [];
  socket.on('message', (data) => {
    const message = decodeMessage(data as Buffer);
    if (!message) return;
    types.push(message.messageType);
    if (message.messageType !== 'acknowledge') seen.push(message.payloadType);
    if (message.messageType === 'output_stream_data' && message.payloadType === payloadTypes.output)
      output += Buffer.from(message.payload).toString();
    if (message.messageType === 'acknowledge')
      acknowledged.push(JSON.parse(Buffer.from(message.payload).toString()).AcknowledgedMessageSequenceNumber);
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {});
  await new Promise<void>((resolve) => {
    socket.once('open', () => resolve());
    socket.once('error', () => resolve());
  });
  const send = (payloadType: number, payload: Buffer, sequenceNumber = sequence++) =>
    socket.send(
      encodeMessage({
        messageType: 'input_stream_data',
        sequenceNumber,
        flags: flags.data,
        messageId: '01234567-89ab-4cde-8f01-23456789abcd',
        createdDate_ms: 0,
        payloadType,
        payload,
      }),
    );
  return {
    show: (token = session?.tokenValue, more: object = {}) =>
      socket.send(JSON.stringify({ MessageSchemaVersion: '1.0', RequestId: 'r', TokenValue: token, ...more })),
    send,
    acknowledge: (sequenceNumber: number) =>
      socket.send(
        encodeMessage({
          messageType: 'acknowledge',
          sequenceNumber: 0,
          flags: flags.ack,
          messageId: '01234567-89ab-4cde-8f01-23456789abcd',
          createdDate_ms: 0,
          payloadType: 0,
          payload: Buffer.from(JSON.stringify({ AcknowledgedMessageSequenceNumber: sequenceNumber })),
        }),
      ),
    payloadTypes: seen,
    closed,
    acknowledged,
    isOpen: () => socket.readyState === WebSocket.OPEN,
    output: () => output,
    types,
  };
}

/** Lets the network and, by `tick`, the virtual clock go on until it is so. */
async function until(condition: () => boolean, tick = () => {}): Promise<void> {
  for (let turn = 0; !condition(); turn += 1) {
    if (turn > 20_000) throw new Error('it never came about');
    tick();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('ExecuteCommand: the command runs in the container, its output comes, and its end; and all is told', async () => {
  const { world, served, taskArn } = await startServed(() => ({
    onCommand: (command) => ({ exitCode: 4, output: `ran ${command.join('|')}\n` }),
  }));
  const { session } = world.lab.ecs.executeCommand({
    task: taskArn,
    command: 'lm down "two words"',
    interactive: true,
  });
  const client = await join(session, served.url);
  client.show();
  await until(
    () => client.types.includes('channel_closed'),
    () => world.lab.advance(1),
  );
  await client.closed;
  expect(client.output()).toBe('ran lm|down|two words\n');
  expect(client.types).toEqual(['output_stream_data', 'channel_closed']);
  expect(world.lab.events().filter(({ type }) => type.startsWith('ecs/execute'))).toMatchObject([
    {
      type: 'ecs/execute-command',
      subject: taskArn,
      data: { command: 'lm down "two words"', container: 'app', caller: 'arn:aws:iam::000000000000:root' },
    },
    { type: 'ecs/execute-command-ended', data: { exitCode: 4 } },
  ]);
});

test('a session needs its token, and is joined once', async () => {
  const { world, served, taskArn } = await startServed();
  const { session } = world.lab.ecs.executeCommand({ task: taskArn, command: 'sh', interactive: true });
  const stranger = await join(session, served.url);
  stranger.show('wrong');
  await stranger.closed;
  const late = await join(session, served.url);
  await late.closed;
  expect(late.types).toEqual([]);
  expect(world.lab.events('ecs/execute-command-ended')).toEqual([]);
});

test('session-manager-plugin gets the handshake, and again what it has not acknowledged, and hears of the end last', async () => {
  const { world, served, taskArn } = await startServed(() => ({ onCommand: () => ({ exitCode: 0, output: 'done' }) }));
  const { session } = world.lab.ecs.executeCommand({ task: taskArn, command: 'ls', interactive: true });
  const client = await join(session, served.url);
  const tick = () => world.lab.advance(10);
  client.show(undefined, { ClientVersion: '1.2.0.0' });
  await until(() => client.payloadTypes.includes(payloadTypes.handshakeRequest));
  expect(client.output()).toBe('');
  client.acknowledge(0);
  client.send(payloadTypes.handshakeResponse, Buffer.from('{}'));
  await until(() => client.payloadTypes.filter((type) => type === payloadTypes.output).length >= 3, tick);
  expect(client.types).not.toContain('channel_closed');
  client.acknowledge(1);
  client.acknowledge(2);
  await until(() => client.types.includes('channel_closed'), tick);
  expect([...new Set(client.payloadTypes)]).toEqual([5, 7, 1, 0]);
});

test('input is acknowledged and written once, and the client can end the session', async () => {
  const { world, served, taskArn } = await startServed(() => ({
    onCommand: () => ({ exitCode: 0, output: '', after_ms: 60_000 }),
  }));
  const { session } = world.lab.ecs.executeCommand({ task: taskArn, command: 'cat', interactive: true });
  const client = await join(session, served.url);
  client.show();
  client.send(payloadTypes.output, Buffer.from('hello'), 0);
  client.send(payloadTypes.output, Buffer.from('hello'), 0);
  client.send(payloadTypes.size, Buffer.from('{"cols":100,"rows":40}'), 1);
  await until(() => client.acknowledged.length === 3);
  expect(client.acknowledged).toEqual([0, 0, 1]);
  expect(client.output()).toBe('hello');
  const terminate = Buffer.alloc(4);
  terminate.writeUInt32BE(terminateSession);
  client.send(payloadTypes.flag, terminate, 2);
  await client.closed;
  expect(world.lab.events('ecs/execute-command-ended')).toMatchObject([{ data: { exitCode: 130 } }]);
});

test('ExecuteCommand: refused where it was not enabled, or nothing runs; accepted while the task drains', async () => {
  const { world, taskArn } = await startServed();
  const ask =
    (change: object = {}) =>
    () =>
      world.lab.ecs.executeCommand({ task: taskArn, command: 'ls', interactive: true, ...change });
  expect(ask({ interactive: false })).toThrow('Interactive is the only mode supported currently.');
  expect(ask({ container: 'other' })).toThrow('The container other was not found in the task.');
  world.lab.ecs.updateService({ service: 'web', desiredCount: 0 });
  expect(world.tasks()[0]?.task.lastStatus).toBe('DEACTIVATING');
  expect(ask()().session?.sessionId).toMatch(/^ecs-execute-command-/);
  world.lab.advance('2m');
  expect(ask()).toThrow('execute command agent isn’t running');

  const plain = startEcsLab();
  createWeb(plain);
  expect(() =>
    plain.lab.ecs.executeCommand({ task: serving(plain)[0]?.taskId ?? '', command: 'ls', interactive: true }),
  ).toThrow('execute command was not enabled');
});

test('keys run out by the clock of the machine, which the SDK in the container goes by', () => {
  const anchor = { platform_ms: 1_000_000, real_ms: 500_000, speed: 20 };
  expect(realTime(1_000_000 + 3_600_000, anchor).getTime()).toBe(500_000 + 180_000);
  expect(realTime(42, undefined).getTime()).toBe(42);
});
