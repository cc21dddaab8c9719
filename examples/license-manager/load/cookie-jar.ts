/** The cookies of one client, as far as a load balancer's stickiness needs them: name and value, for one site. */
export interface CookieJar {
  store(setCookie: readonly string[]): void;
  /** The request's Cookie header, or undefined without cookies. */
  header(): string | undefined;
  clear(): void;
}

export function createCookieJar(): CookieJar {
  const cookies = new Map<string, string>();
  return {
    store(setCookie) {
      for (const line of setCookie) {
        const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
        const separator = pair.indexOf('=');
        if (separator < 1) continue;
        const name = pair.slice(0, separator);
        if (attributes.some((attribute) => /^max-age=(0|-\d+)$/i.test(attribute))) cookies.delete(name);
        else cookies.set(name, pair.slice(separator + 1));
      }
    },
    header: () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') || undefined,
    clear: () => cookies.clear(),
  };
}
