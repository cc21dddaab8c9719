/** An object that a template is read from. */
export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

const s3Name = 's3(?:[.-](?:dualstack\\.)?[a-z0-9-]+)?(?:\\.[a-z0-9-]+)?';
const ownHosts = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;
const pathStyle = new RegExp(`^${s3Name}\\.(?:amazonaws\\.com(?:\\.cn)?|localhost|localhost\\.[a-z.]+)$`);
const hostStyle = new RegExp(`^(.+)\\.${s3Name}\\.(?:amazonaws\\.com(?:\\.cn)?|localhost|localhost\\.[a-z.]+)$`);

/** Finds bucket and key in any of the forms of an S3 URL: path style, virtual-host style, `s3://`, and the engine's own address. Undefined where it is none. */
export function objectPlace(url: string): ObjectPlace | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, pathname, searchParams } = new URL(url);
  const path = pathname.slice(1).split('/').map(decodeURIComponent);
  const versionId = searchParams.get('versionId') ?? undefined;
  const place = (bucket: string | undefined, key: string): ObjectPlace | undefined =>
    bucket && key ? { bucket, key, ...(versionId ? { versionId } : {}) } : undefined;
  if (protocol === 's3:') return place(hostname, path.join('/'));
  if (protocol !== 'https:' && protocol !== 'http:') return undefined;
  if (ownHosts.test(hostname) || pathStyle.test(hostname)) return place(path[0], path.slice(1).join('/'));
  return place(hostStyle.exec(hostname)?.[1], path.join('/'));
}
