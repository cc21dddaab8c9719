import { expect, test } from 'vitest';
import { balanced, bodyOf, rawClient, testApp } from './testing/world.ts';

test('a request reaches the target with its body, and the answer comes back with its own', async () => {
  const app = await testApp(async (incoming, outgoing) => {
    const { url, method, headers } = incoming;
    const body = await bodyOf(incoming);
    outgoing.setHeader('X-App', 'yes').end(JSON.stringify({ url, method, body, headers }));
  });
  const { at } = await balanced([app.address]);
  const answer = await fetch(`http://127.0.0.1:${at.port}/a/b?c=d`, {
    method: 'POST',
    body: 'hello',
    headers: { 'X-Forwarded-For': '9.9.9.9', Cookie: 'a=b' },
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-app')).toBe('yes');
  expect(answer.headers.get('server')).toBeNull();
  expect(await answer.json()).toMatchObject({
    url: '/a/b?c=d',
    method: 'POST',
    body: 'hello',
    headers: {
      host: `127.0.0.1:${at.port}`,
      'x-forwarded-for': '9.9.9.9, 127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-port': String(at.port),
      cookie: 'a=b',
      'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    },
  });
});

test('large bodies pass both ways unchanged, whether chunked or of known length', async () => {
  const app = await testApp((incoming, outgoing) => {
    if (incoming.url === '/length') outgoing.setHeader('Content-Length', incoming.headers['content-length'] ?? '0');
    incoming.pipe(outgoing);
  });
  const { at } = await balanced([app.address]);
  const payload = Buffer.alloc(5_000_000, 'abcdefghij');
  const whole = await fetch(`http://127.0.0.1:${at.port}/length`, { method: 'POST', body: payload });
  expect(Buffer.from(await whole.arrayBuffer()).equals(payload)).toBe(true);
  const stream = new Blob([payload]).stream();
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', body: stream, duplex: 'half' };
  const chunked = await fetch(`http://127.0.0.1:${at.port}/chunked`, init);
  expect(Buffer.from(await chunked.arrayBuffer()).equals(payload)).toBe(true);
});

test('pipelined requests are answered in order and go round the targets', async () => {
  const apps = await Promise.all(['a', 'b', 'c'].map((name) => testApp((_, outgoing) => outgoing.end(name))));
  const { at } = await balanced(apps.map((app) => app.address));
  const client = rawClient(at);
  for (let turn = 0; turn < 6; turn += 1) client.send(`GET /${turn} HTTP/1.1\r\nHost: x\r\n\r\n`);
  client.send('GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  const bodies = [...(await client.untilEnd()).matchAll(/\r\n\r\n([abc])/g)].map((match) => match[1]);
  expect(bodies.join('')).toBe('abcabca');
});

test('HEAD has the head of the answer and no body, and the connection goes on', async () => {
  const app = await testApp((_, outgoing) => outgoing.setHeader('Content-Length', 5).end('hello'));
  const { at } = await balanced([app.address]);
  const client = rawClient(at)
    .send('HEAD / HTTP/1.1\r\nHost: x\r\n\r\n')
    .send('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  const [head = '', next = '', body] = (await client.untilEnd()).split('\r\n\r\n');
  expect(head).toContain('Content-Length: 5');
  expect(next).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(body).toBe('hello');
});

test('an HTTP/1.0 client gets a chunked answer until the connection closes', async () => {
  const app = await testApp((_, outgoing) => {
    outgoing.write('one ');
    outgoing.end('two');
  });
  const { at } = await balanced([app.address]);
  const answer = await rawClient(at).send('GET / HTTP/1.0\r\n\r\n').untilEnd();
  expect(answer).toMatch(/\r\n\r\none two$/);
  expect(answer).toContain('Connection: close');
  expect(answer).not.toMatch(/transfer-encoding/i);
});

test('Expect: 100-continue is answered by the balancer, and the target sees only the request', async () => {
  const app = await testApp(async (incoming, outgoing) => {
    outgoing.end(`${incoming.headers.expect} ${await bodyOf(incoming)}`);
  });
  const { at } = await balanced([app.address]);
  const client = rawClient(at).send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n');
  await client.until('HTTP/1.1 100 Continue\r\n\r\n');
  await client.send('hi').until('undefined hi');
});
