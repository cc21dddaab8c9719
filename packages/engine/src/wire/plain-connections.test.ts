import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HttpRoute } from '../kernel/service.ts';
import { converse, type Said } from './testing/conversation.ts';
import { ask as askPlainly, serve } from './testing/raw-http.ts';
import { signRequest } from './testing/sign-request.ts';

/** Says back what it was asked; at once, or in a later turn. */
const echo = {
  ecs: {
    ListClusters: ({ nextToken = '' }: { nextToken?: string }) => {
      const answer = { clusterArns: [nextToken] };
      return nextToken.startsWith('late')
        ? new Promise<object>((resolve) => setImmediate(() => resolve(answer)))
        : answer;
    },
  },
};

const hello: HttpRoute = {
  name: 'hello',
  matches: ({ path }) => path === '/hello',
  handle: async (_request, response) => void response.end('hello'),
};

type Shape = 'plain' | 'chunked' | 'expecting' | 'from its own page' | 'twice the same field';

const fieldOf: Readonly<Record<Shape, string>> = {
  plain: '',
  chunked: 'Transfer-Encoding: chunked\r\n',
  expecting: 'Expect: nothing-known\r\n',
  'from its own page': 'Origin: http://localhost\r\n',
  'twice the same field': 'X-Note: a\r\nX-Note: b\r\n',
};

function ask(token: string, shape: Shape = 'plain'): string {
  const body = JSON.stringify({ nextToken: token });
  const signed = signRequest({ method: 'POST', path: '/', host: 'localhost', body, service: 'ecs' });
  const headers = { ...signed, 'X-Amz-Target': 'AmazonEC2ContainerServiceV20141113.ListClusters' };
  const length = shape === 'chunked' ? '' : `Content-Length: ${body.length}\r\n`;
  const lines = Object.entries({ ...headers, Host: 'localhost' })
    .filter(([name]) => name !== 'host')
    .map(([name, value]) => `${name}: ${value}\r\n`);
  const sent = shape === 'chunked' ? `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body;
  return `POST / HTTP/1.1\r\n${lines.join('')}${length}${fieldOf[shape]}\r\n${sent}`;
}

const said = (token: string) => ({ status: 200, body: JSON.stringify({ clusterArns: [token] }) });
const helloAsked = 'GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n';
const head = (request: string) => request.slice(0, request.indexOf('\r\n\r\n') + 4);
const body = (request: string) => request.slice(head(request).length);

test.each<[string, Omit<Said, 'answers'>, object[]]>([
  ['one after the other', { parts: [ask('a'), ask('b')] }, [said('a'), said('b')]],
  ['two at once', { parts: [ask('a') + ask('b')] }, [said('a'), said('b')]],
  ['head and body apart', { parts: [head(ask('a')), body(ask('a'))] }, [said('a')]],
  ['a plain one, then one in parts', { parts: [ask('a'), head(ask('b')), body(ask('b'))] }, [said('a'), said('b')]],
  ['a second before the first is answered', { parts: [ask('late'), ask('b')] }, [said('late'), said('b')]],
  ['chunks after a plain one', { parts: [ask('a'), ask('b', 'chunked'), ask('c')] }, ['a', 'b', 'c'].map(said)],
  ['a field that comes twice', { parts: [ask('a', 'twice the same field')] }, [said('a')]],
  ['a page of this machine', { parts: [ask('a'), ask('b', 'from its own page')] }, [said('a'), said('b')]],
  ['an expectation nobody meets', { parts: [ask('a'), ask('b', 'expecting')] }, [said('a'), { status: 417, body: '' }]],
  ['a closed side', { parts: [ask('a')], half: true }, [said('a')]],
  ['a closed side before the answer', { parts: [ask('late')], half: true }, [said('late')]],
  ["a route's", { parts: [ask('a'), helloAsked] }, [said('a'), { status: 200, body: 'hello' }]],
])('%s', async (_case, { parts, half }, wanted) => {
  const { port, bugs } = await serve(echo, [hello]);
  expect(await converse(port, { parts, ...(half ? { half } : {}), answers: wanted.length })).toEqual(wanted);
  expect(bugs).toEqual([]);
});

test('what is answered does not depend on how the bytes come', async () => {
  const { port, bugs } = await serve(echo);
  const tokens = fc.array(fc.constantFrom('a', 'bb', 'late', 'later'), { minLength: 1, maxLength: 5 });
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(tokens, cuts, async (asked, places) => {
      const bytes = asked.map((token) => ask(token)).join('');
      const at = [0, ...places.map((place) => Math.floor(place * bytes.length)), bytes.length].sort((x, y) => x - y);
      const parts = at.slice(1).map((end, index) => bytes.slice(at[index], end));
      const wanted = asked.map(said);
      expect(await converse(port, { parts: parts.filter((part) => part !== ''), answers: wanted.length })).toEqual(
        wanted,
      );
    }),
    { numRuns: 60 },
  );
  expect(bugs).toEqual([]);
});

test('an answer that HTTP cannot carry ends the connection and is told', async () => {
  const { port, bugs } = await serve({
    s3: { HeadBucket: () => ({ BucketRegion: 'a\r\nb: c' }) },
  });
  const signed = signRequest({ method: 'HEAD', path: '/bucket', host: 'localhost', body: '', service: 's3' });
  const lines = Object.entries({ ...signed, host: 'localhost' }).map(([name, value]) => `${name}: ${value}\r\n`);
  const heard = await converse(port, { parts: [`HEAD /bucket HTTP/1.1\r\n${lines.join('')}\r\n`], answers: 1 });
  expect(heard).toEqual([]);
  expect(bugs).toHaveLength(1);
});

test('a length is told once, whether or not the operation tells it too', async () => {
  const body = Buffer.from('whole');
  const { port, bugs } = await serve({ s3: { GetObject: () => ({ Body: body, ContentLength: body.length }) } });
  const heard = await askPlainly(port, {
    method: 'GET',
    path: '/bucket/key',
    sign: 's3',
    headers: { connection: 'keep-alive' },
  });
  expect([heard.status, heard.body.toString(), heard.headers['content-length']]).toEqual([200, 'whole', '5']);
  expect(bugs).toEqual([]);
});
