import { createHash } from 'node:crypto';
import type { Field } from '../http1/fields.ts';

/** ALB gives its stickiness cookies a life of seven days in the browser; how long they bind is written inside them. */
const COOKIE_LIFE_MS = 7 * 24 * 60 * 60 * 1000;

export type StickyCookie = 'AWSALB' | 'AWSALBTG' | 'AWSALBAPP-0';

/** Stands for a target or a group in a cookie: gives no address away, same on every worker and after restarts. */
export function stickyMark(...names: readonly string[]): string {
  return createHash('sha256').update(names.join('\n')).digest('base64url').slice(0, 22);
}

/** The lines that bind a client to the one `mark` stands for. ALB sends a twin of each cookie for cross-origin use. */
export function setStickyCookie(cookie: StickyCookie, mark: string, { now_ms, duration_s }: Binding): string {
  const value = `${mark}.${Math.floor(now_ms + duration_s * 1000).toString(36)}`;
  const expires = new Date(now_ms + COOKIE_LIFE_MS).toUTCString();
  const plain = `Set-Cookie: ${cookie}=${value}; Expires=${expires}; Path=/\r\n`;
  if (cookie === 'AWSALBAPP-0') return plain;
  return `${plain}Set-Cookie: ${cookie}CORS=${value}; Expires=${expires}; Path=/; SameSite=None; Secure\r\n`;
}

interface Binding {
  readonly now_ms: number;
  readonly duration_s: number;
}

/** The mark a request's cookies carry, if it still binds. */
export function readStickyCookie(fields: readonly Field[], cookie: StickyCookie, now_ms: number): string | undefined {
  const value = cookieValue(fields, cookie) ?? cookieValue(fields, `${cookie}CORS`);
  const parts = value === undefined ? null : /^([\w-]{22})\.([0-9a-z]{1,11})$/.exec(value);
  if (parts === null) return undefined;
  return Number.parseInt(parts[2] ?? '', 36) > now_ms ? parts[1] : undefined;
}

export function cookieValue(fields: readonly Field[], name: string): string | undefined {
  for (const field of fields) {
    if (field.lower !== 'cookie') continue;
    for (const pair of field.value.split(';')) {
      const equals = pair.indexOf('=');
      if (equals >= 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
    }
  }
  return undefined;
}

/** Whether an answer sets the application's own cookie, which is when application-based stickiness begins. */
export function setsCookie(fields: readonly Field[], name: string): boolean {
  return fields.some((field) => field.lower === 'set-cookie' && field.value.split('=', 1)[0]?.trim() === name);
}
