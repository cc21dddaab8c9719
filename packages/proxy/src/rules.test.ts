import { expect, test } from 'vitest';
import type { Condition, Rule } from './routing-table.ts';
import {
  applied,
  bodyOf,
  forwardTo,
  group,
  listener,
  rawClient,
  table,
  target,
  testApp,
  testProxy,
} from './testing/world.ts';

const fixed = (id: string, conditions: readonly Condition[], body = id): Rule => ({
  id,
  priority: 1,
  conditions,
  action: { type: 'fixed-response', statusCode: 200, contentType: 'text/plain', body },
});

test("the first rule that matches answers, and a fixed response is the balancer's own", async () => {
  const app = await testApp((_, outgoing) => outgoing.end('app'));
  const { proxy } = testProxy();
  const rules = [
    fixed('path', [{ field: 'path-pattern', values: ['/fixed/*'] }]),
    fixed('never', [{ field: 'path-pattern', values: ['/fixed/a'] }]),
    fixed('host', [{ field: 'host-header', values: ['*.example.com'] }]),
    forwardTo('group'),
  ];
  const at = await applied(
    proxy,
    table(1, { listeners: [listener({ rules })], targetGroups: [group([target(app.address)])] }),
  );
  const answer = await fetch(`http://127.0.0.1:${at.port}/fixed/a`);
  expect(answer.headers.get('server')).toBe('awselb/2.0');
  expect(answer.headers.get('content-type')).toBe('text/plain');
  expect(await answer.text()).toBe('path');
  expect(
    await rawClient(at).send('GET / HTTP/1.1\r\nHost: a.Example.com:99\r\nConnection: close\r\n\r\n').untilEnd(),
  ).toMatch(/host$/);
  expect(await (await fetch(`http://127.0.0.1:${at.port}/`)).text()).toBe('app');
  expect((await proxy.takeCounts()).listeners[0]).toMatchObject({ requests: 1, fixedResponses: 2, redirects: 0 });
});

test("a redirect fills its placeholders and is the balancer's own", async () => {
  const { proxy } = testProxy();
  const rule: Rule = {
    id: 'to-https',
    conditions: [],
    action: { type: 'redirect', statusCode: 301, protocol: 'HTTPS', port: '443' },
  };
  const at = await applied(proxy, table(1, { listeners: [listener({ rules: [rule] })] }));
  const answer = await rawClient(at)
    .send('GET /a/b?c=d HTTP/1.1\r\nHost: www.example.com\r\nConnection: close\r\n\r\n')
    .untilEnd();
  expect(answer).toMatch(/^HTTP\/1\.1 301 Moved Permanently\r\nServer: awselb\/2\.0\r\n/);
  expect(answer).toContain('\r\nLocation: https://www.example.com:443/a/b?c=d\r\n');
  expect(answer).toContain('<center><h1>301 Moved Permanently</h1></center>');
});

test('a request with a body is answered by a rule, and the connection stays in step', async () => {
  const { proxy } = testProxy();
  const at = await applied(proxy, table(1, { listeners: [listener({ rules: [fixed('default', [])] })] }));
  const client = rawClient(at)
    .send('POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12345')
    .send(
      'POST /2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\n12345\r\n0\r\n\r\n',
    );
  expect((await client.untilEnd()).match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
});

test('a kept client connection follows the newest rules', async () => {
  const app = await testApp(async (incoming, outgoing) => outgoing.end(`app ${await bodyOf(incoming)}`));
  const { proxy } = testProxy();
  const groups = [group([target(app.address)])];
  const at = await applied(proxy, table(1, { targetGroups: groups }));
  const client = rawClient(at).send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await client.until('app ');
  await proxy.apply(table(2, { listeners: [listener({ rules: [fixed('maintenance', [])] })], targetGroups: groups }));
  await client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n').until('maintenance');
});
