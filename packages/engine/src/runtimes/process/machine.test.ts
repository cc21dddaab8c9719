import { expect, test } from 'vitest';
import { hostFrom, requireSupported } from './machine.ts';

test('Windows is refused with what to do', () => {
  expect(() => requireSupported({ platform: 'win32', arch: 'x64' })).toThrow(
    expect.objectContaining({ code: 'RuntimeNotSupported', next: [expect.stringContaining('WSL')] }),
  );
  expect(() => requireSupported({ platform: 'linux', arch: 'x64' })).not.toThrow();
});

test('containers see of the engine only the path, the language and the time zone', () => {
  const environment = { PATH: '/bin', LANG: 'C', TZ: 'UTC', AWS_SECRET_ACCESS_KEY: 'secret', HOME: '/home/me' };
  expect(hostFrom(environment, '/node')).toEqual({ path: '/bin', nodeFolder: '/node', lang: 'C', tz: 'UTC' });
  expect(hostFrom({}, '/node')).toEqual({ path: '/usr/local/bin:/usr/bin:/bin', nodeFolder: '/node' });
});
