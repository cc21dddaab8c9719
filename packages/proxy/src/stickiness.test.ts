import { expect, test } from 'vitest';
import type { RoutingTable, Rule, TargetState } from './routing-table.ts';
import { applied, group, listener, table, target, testApp, testProxy } from './testing/world.ts';

const named = (name: string, cookie?: string) =>
  testApp((_, outgoing) => {
    if (cookie !== undefined) outgoing.setHeader('Set-Cookie', cookie);
    outgoing.end(name);
  });

/** What a browser would send back: names and values, without attributes. */
const cookiesOf = (answer: Response): string =>
  answer.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');

async function start(parts: Partial<RoutingTable>) {
  const { proxy } = testProxy();
  const at = await applied(proxy, table(1, parts));
  const get = (cookie = '') => fetch(`http://127.0.0.1:${at.port}/`, { headers: { Cookie: cookie } });
  const namesFor = async (cookie: string, times: number) =>
    new Set(await Promise.all(Array.from({ length: times }, async () => (await get(cookie)).text())));
  return { proxy, get, namesFor };
}

test('the AWSALB cookie binds a client to its target, and is renewed with every answer', async () => {
  const apps = await Promise.all(['a', 'b', 'c'].map((name) => named(name)));
  const targets = apps.map((app) => target(app.address));
  const { get, namesFor } = await start({
    targetGroups: [group(targets, { stickiness: { type: 'lb_cookie', duration_s: 60 } })],
  });
  const first = await get();
  const [plain = '', cors = ''] = first.headers.getSetCookie();
  expect(plain).toMatch(/^AWSALB=[\w-]+\.\w+; Expires=[^;]+ GMT; Path=\/$/);
  expect(cors).toMatch(/^AWSALBCORS=[\w-]+\.\w+; Expires=[^;]+ GMT; Path=\/; SameSite=None; Secure$/);
  expect(plain).not.toContain(String(targets[0]?.address.port));
  expect(await namesFor(cookiesOf(first), 8)).toEqual(new Set([await first.text()]));
  expect(await namesFor('', 8)).toEqual(new Set(['a', 'b', 'c']));
  expect(await namesFor('AWSALB=forged.zzzz', 8)).toEqual(new Set(['a', 'b', 'c']));
});

test.each<TargetState>(['draining', 'unhealthy'])(
  'a cookie that names a target that is %s binds no more',
  async (state) => {
    const [a, b] = await Promise.all([named('a'), named('b')]);
    const stickiness = { type: 'lb_cookie', duration_s: 60 } as const;
    const groups = (of: TargetState) => [group([target(a.address, { state: of }), target(b.address)], { stickiness })];
    const { proxy, get, namesFor } = await start({ targetGroups: groups('healthy') });
    let bound = await get();
    while ((await bound.text()) !== 'a') bound = await get();
    await proxy.apply(table(2, { targetGroups: groups(state) }));
    expect(await namesFor(cookiesOf(bound), 6)).toEqual(new Set(['b']));
  },
);

test('a binding ends after its duration', async () => {
  const apps = await Promise.all(['a', 'b'].map((name) => named(name)));
  const stickiness = { type: 'lb_cookie', duration_s: 0 } as const;
  const { get, namesFor } = await start({
    targetGroups: [
      group(
        apps.map((app) => target(app.address)),
        { stickiness },
      ),
    ],
  });
  expect(await namesFor(cookiesOf(await get()), 6)).toEqual(new Set(['a', 'b']));
});

test("application-based stickiness begins with the application's own cookie and needs both", async () => {
  const apps = await Promise.all(['a', 'b', 'c'].map((name) => named(name, `SESSION=${name}; HttpOnly`)));
  const stickiness = { type: 'app_cookie', duration_s: 60, cookieName: 'SESSION' } as const;
  const { get, namesFor } = await start({
    targetGroups: [
      group(
        apps.map((app) => target(app.address)),
        { stickiness },
      ),
    ],
  });
  const first = await get();
  const [own = '', made = ''] = first.headers.getSetCookie().map((line) => line.split(';', 1)[0] ?? '');
  expect(own).toMatch(/^SESSION=/);
  expect(made).toMatch(/^AWSALBAPP-0=/);
  expect(await namesFor(`${own}; ${made}`, 6)).toEqual(new Set([await first.text()]));
  expect((await namesFor(made, 6)).size).toBe(3);
});

test('without the application cookie in an answer nobody is bound', async () => {
  const app = await named('a', 'OTHER=1');
  const stickiness = { type: 'app_cookie', duration_s: 60, cookieName: 'SESSION' } as const;
  const { get } = await start({ targetGroups: [group([target(app.address)], { stickiness })] });
  expect(cookiesOf(await get())).toBe('OTHER=1');
});

const weighted = (stickiness?: { duration_s: number }): Rule => ({
  id: 'default',
  conditions: [],
  action: {
    type: 'forward',
    targetGroups: [
      { id: 'blue', weight: 1 },
      { id: 'green', weight: 1 },
    ],
    stickiness,
  },
});

test('the AWSALBTG cookie keeps a client with its group, until the group has nobody', async () => {
  const [blue, green] = await Promise.all([named('blue'), named('green')]);
  const wanted = (version: number, state: TargetState) =>
    table(version, {
      listeners: [listener({ rules: [weighted({ duration_s: 60 })] })],
      targetGroups: [
        group([target(blue.address, { state })], { id: 'blue' }),
        group([target(green.address)], { id: 'green' }),
      ],
    });
  const { proxy, get, namesFor } = await start(wanted(1, 'healthy'));
  let bound = await get();
  while ((await bound.text()) !== 'blue') bound = await get();
  expect(cookiesOf(bound)).toMatch(/^AWSALBTG=\S+; AWSALBTGCORS=\S+$/);
  expect(await namesFor(cookiesOf(bound), 20)).toEqual(new Set(['blue']));
  await proxy.apply(wanted(2, 'draining'));
  expect(await namesFor(cookiesOf(bound), 40)).toContain('green');
});

test('weights share the requests out; a group of weight 0 gets none', async () => {
  const [blue, green] = await Promise.all([named('blue'), named('green')]);
  const rule: Rule = {
    id: 'default',
    conditions: [],
    action: {
      type: 'forward',
      targetGroups: [
        { id: 'blue', weight: 0 },
        { id: 'green', weight: 5 },
      ],
    },
  };
  const { namesFor } = await start({
    listeners: [listener({ rules: [rule] })],
    targetGroups: [group([target(blue.address)], { id: 'blue' }), group([target(green.address)], { id: 'green' })],
  });
  expect(await namesFor('', 30)).toEqual(new Set(['green']));
});
