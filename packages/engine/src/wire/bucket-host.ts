import { hostName, type WireRequest } from './message.ts';

/** `<bucket>.s3.us-east-1.amazonaws.com`, `<bucket>.s3.localhost`, `<bucket>.localhost`. */
const bucketHost = /^(.+?)\.(?:s3[.-](?:.+\.)?(?:amazonaws\.com(?:\.cn)?|localhost)|localhost)$/;

/** The bucket that a host names, S3's virtual-hosted style. */
export function bucketOfHost(request: Pick<WireRequest, 'headers'>): string | undefined {
  const [, bucket] = bucketHost.exec(hostName(request)) ?? [];
  return bucket === 's3' || bucket?.startsWith('s3.') ? undefined : bucket;
}
