import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type WebSocket as Peer, WebSocketServer } from 'ws';
import { type AgentMessage, decode, encode, inputMessage, PAYLOAD } from './agent-message.ts';
import { followSession, type SessionStream } from './session.ts';

let server: WebSocketServer;
let stream: SessionStream;

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  stream = { streamUrl: `ws://127.0.0.1:${port}/v1/data-channel/x?role=publish_subscribe`, tokenValue: 'secret' };
});
afterEach(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

const never = new Promise<void>(() => {});
const follow = (timeout = never) => followSession(stream, { timeout, now: () => 1, log: () => {} });

const fromAgent = (sequence: number, payloadType: number, content: string): AgentMessage => ({
  ...inputMessage({ sequence, createdAt: 1 }, payloadType, {}),
  type: 'output_stream_data',
  payload: Buffer.from(content),
});
const handshake = fromAgent(
  0,
  PAYLOAD.handshakeRequest,
  '{"RequestedClientActions":[{"ActionType":"SessionType"},{"ActionType":"KMSEncryption"}]}',
);
const closing: AgentMessage = { ...fromAgent(0, 0, '{"Output":""}'), type: 'channel_closed' };

/** Plays the agent: hears the token, sends, and keeps what it is sent. */
async function agent(messages: readonly AgentMessage[], end: (peer: Peer) => void = () => {}) {
  const [peer]: Peer[] = await once(server, 'connection');
  if (!peer) throw new Error('nobody came');
  const heard: AgentMessage[] = [];
  const [token] = await once(peer, 'message');
  peer.on('message', (data: Buffer) => heard.push(decode(data)));
  for (const message of messages) peer.send(encode(message));
  end(peer);
  return { token: JSON.parse(String(token)), heard, peer };
}

test('joins with the token, agrees, hears the output and sees the end', async () => {
  const session = follow();
  const { token, heard, peer } = await agent([
    handshake,
    fromAgent(1, PAYLOAD.handshakeComplete, '{}'),
    fromAgent(2, PAYLOAD.output, 'lm down: '),
    fromAgent(3, PAYLOAD.output, 'done\n'),
    fromAgent(4, PAYLOAD.exitCode, '0'),
    closing,
  ]);
  expect(await session).toEqual({ output: 'lm down: done\n', exitCode: 0, ended: true });
  if (peer.readyState !== peer.CLOSED) await once(peer, 'close');
  expect(token).toMatchObject({ MessageSchemaVersion: '1.0', TokenValue: 'secret' });
  const acknowledged = heard
    .filter(({ type }) => type === 'acknowledge')
    .map(({ payload }) => JSON.parse(String(payload)));
  expect(acknowledged.map((one) => one.AcknowledgedMessageSequenceNumber)).toEqual([0, 1, 2, 3, 4]);
  const [answer] = heard.filter(({ payloadType }) => payloadType === PAYLOAD.handshakeResponse);
  expect(answer?.sequence).toBe(0);
  expect(JSON.parse(String(answer?.payload)).ProcessedClientActions).toEqual([
    { ActionType: 'SessionType', ActionStatus: 1, ActionResult: null },
    { ActionType: 'KMSEncryption', ActionStatus: 3, ActionResult: null, Error: 'KMSEncryption is not offered' },
  ]);
});

test('puts what comes twice or out of turn in its place', async () => {
  const session = follow();
  await agent([
    fromAgent(2, PAYLOAD.output, 'c'),
    fromAgent(0, PAYLOAD.output, 'a'),
    fromAgent(0, PAYLOAD.output, 'a'),
    fromAgent(1, PAYLOAD.output, 'b'),
    fromAgent(2, PAYLOAD.output, 'c'),
    closing,
  ]);
  expect(await session).toMatchObject({ output: 'abc' });
});

test('tells the last word of a session that could not begin', async () => {
  const session = follow();
  await agent([{ ...closing, payload: Buffer.from('{"Output":"exec: \\"lm\\": executable file not found"}') }]);
  expect(await session).toEqual({ output: 'exec: "lm": executable file not found', ended: true });
});

test('takes a connection that breaks for the end, when the container goes down with it', async () => {
  const session = follow();
  await agent([handshake, fromAgent(1, PAYLOAD.output, 'going down')], (peer) => peer.close());
  expect(await session).toEqual({ output: 'going down', ended: true });
});

test('leaves a session that does not end', async () => {
  let timeUp = () => {};
  const session = follow(new Promise((resolve) => (timeUp = resolve)));
  const { heard, peer } = await agent([fromAgent(0, PAYLOAD.output, 'waiting')]);
  while (heard.length === 0) await once(peer, 'message');
  timeUp();
  expect(await session).toEqual({ output: 'waiting', ended: false });
});

test('says so when nobody is there, or when it is turned away', async () => {
  const refused = follow();
  const turnedAway = expect(refused).rejects.toThrow('the session cannot be joined: it was closed with 1008 bad token');
  await agent([], (peer) => peer.close(1008, 'bad token'));
  await turnedAway;
  const nowhere = { ...stream, streamUrl: 'ws://127.0.0.1:1/' };
  await expect(followSession(nowhere, { timeout: never, now: () => 1, log: () => {} })).rejects.toThrow(
    'cannot be joined',
  );
});
