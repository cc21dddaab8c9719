import { expect, test } from 'vitest';
import type { RedirectAction } from '../routing-table.ts';
import { redirectLocation } from './redirect.ts';

const source = { protocol: 'http', host: 'www.example.com', port: 80, path: '/a/b', query: 'c=d' };

test.each<[Partial<RedirectAction>, string]>([
  [{}, 'http://www.example.com:80/a/b?c=d'],
  [{ protocol: 'HTTPS', port: '443' }, 'https://www.example.com:443/a/b?c=d'],
  [{ host: 'new.#{host}' }, 'http://new.www.example.com:80/a/b?c=d'],
  [{ path: '/v2/#{path}' }, 'http://www.example.com:80/v2/a/b?c=d'],
  [{ path: '/#{host}/#{port}', query: 'old=#{path}' }, 'http://www.example.com:80/www.example.com/80?old=a/b'],
  [{ query: '' }, 'http://www.example.com:80/a/b'],
  [{ path: '/#{unknown}' }, 'http://www.example.com:80/#{unknown}?c=d'],
])('%o leads to %s', (action, location) => {
  expect(redirectLocation({ type: 'redirect', statusCode: 301, ...action }, source)).toBe(location);
});

test('without a query there is no question mark', () => {
  expect(redirectLocation({ type: 'redirect', statusCode: 302 }, { ...source, query: undefined })).toBe(
    'http://www.example.com:80/a/b',
  );
});
