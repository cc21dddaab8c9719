import { expect, test } from 'vitest';
import type { Condition, Rule } from '../routing-table.ts';
import { compileRules, type RoutedRequest } from './match-rule.ts';

const request = (parts: Partial<RoutedRequest> = {}): RoutedRequest => ({
  method: 'GET',
  path: '/a/b',
  query: undefined,
  host: 'www.example.com',
  fields: [],
  sourceIp: '10.1.2.3',
  ...parts,
});

const field = (name: string, value: string) => ({ name, lower: name.toLowerCase(), value });

const rule = (id: string, ...conditions: Condition[]): Rule => ({
  id,
  conditions,
  action: { type: 'fixed-response', statusCode: 200 },
});

test.each<[string, Condition, Partial<RoutedRequest>, boolean]>([
  ['a path by its pattern', { field: 'path-pattern', values: ['/x', '/a/*'] }, {}, true],
  ['a path with regard to case', { field: 'path-pattern', values: ['/A/*'] }, {}, false],
  ['a path without its query', { field: 'path-pattern', values: ['/a/b'] }, { query: 'c=d' }, true],
  ['a host by its pattern', { field: 'host-header', values: ['*.example.com'] }, {}, true],
  [
    'a host without regard to case or port',
    { field: 'host-header', values: ['WWW.example.com'] },
    { host: 'www.EXAMPLE.com:8080' },
    true,
  ],
  ['no other host', { field: 'host-header', values: ['*.example.com'] }, { host: 'example.com' }, false],
  [
    'a header without regard to case',
    { field: 'http-header', name: 'user-agent', values: ['*chrome*'] },
    { fields: [field('User-Agent', 'Mozilla Chrome/1')] },
    true,
  ],
  [
    'any of the lines of a header',
    { field: 'http-header', name: 'X', values: ['b'] },
    { fields: [field('x', 'a'), field('X', 'b')] },
    true,
  ],
  ['no header that is not there', { field: 'http-header', name: 'X', values: ['*'] }, {}, false],
  [
    'a pair of the query',
    { field: 'query-string', values: [{ key: 'version', value: 'v1' }] },
    { query: 'a=b&Version=V1' },
    true,
  ],
  ['a value whatever its key', { field: 'query-string', values: [{ value: '*x*' }] }, { query: 'a=axb' }, true],
  ['no value of another key', { field: 'query-string', values: [{ key: 'a', value: 'b' }] }, { query: 'c=b' }, false],
  [
    'a key without a value as an empty one',
    { field: 'query-string', values: [{ key: 'a', value: '' }] },
    { query: 'a' },
    true,
  ],
  ['no query when there is none', { field: 'query-string', values: [{ value: '*' }] }, {}, false],
  ['a method', { field: 'http-request-method', values: ['PUT', 'GET'] }, {}, true],
  ['HEAD not as GET', { field: 'http-request-method', values: ['GET'] }, { method: 'HEAD' }, false],
  ['a source in its block', { field: 'source-ip', values: ['10.0.0.0/8'] }, {}, true],
  ['no source outside its block', { field: 'source-ip', values: ['10.1.2.0/25'] }, { sourceIp: '10.1.2.200' }, false],
  [
    'an IPv4 source of a dual-stack socket',
    { field: 'source-ip', values: ['10.0.0.0/8'] },
    { sourceIp: '::ffff:10.1.2.3' },
    true,
  ],
  ['an IPv6 source', { field: 'source-ip', values: ['2001:db8::/32'] }, { sourceIp: '2001:db8::1' }, true],
])('takes %s', (_, condition, parts, matches) => {
  const found = compileRules([rule('wanted', condition), rule('default')])(request(parts));
  expect(found?.id).toBe(matches ? 'wanted' : 'default');
});

test('all conditions of a rule must hold, and the first such rule wins', () => {
  const path: Condition = { field: 'path-pattern', values: ['/a/*'] };
  const put: Condition = { field: 'http-request-method', values: ['PUT'] };
  const match = compileRules([rule('both', path, put), rule('path', path), rule('again', path), rule('default')]);
  expect(match(request())?.id).toBe('path');
  expect(match(request({ method: 'PUT' }))?.id).toBe('both');
  expect(match(request({ path: '/x' }))?.id).toBe('default');
});
