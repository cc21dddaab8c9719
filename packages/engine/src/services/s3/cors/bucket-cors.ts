import type { CORSConfiguration } from '@aws-sdk/client-s3';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { ScopedStore } from '../../../kernel/store.ts';
import { buckets } from '../model.ts';
import { type PageRequest, planCors } from './plan-cors.ts';

const rulesOf = (store: ScopedStore, bucket: string) => {
  const found = store.table(buckets).get(bucket);
  return found && (found.configurations['BucketCors'] as CORSConfiguration | undefined)?.CORSRules;
};

/** What a bucket's configuration lets pages of other sites have of its answers. */
export const bucketCors = (store: () => ScopedStore) => ({
  /** The headers that the answer to a page gets; undefined: the page may not have it. */
  headersFor: (bucket: string, asked: PageRequest) => planCors(rulesOf(store(), bucket) ?? [], asked),
  /** The headers that answer a preflight, or why there are none. */
  preflight(bucket: string, asked: Partial<PageRequest>, ResourceType: 'BUCKET' | 'OBJECT'): Record<string, string> {
    const { origin, method, headers = [] } = asked;
    const refuse = (message: string, members: Record<string, unknown> = {}, status = 403) =>
      new AwsError(status === 403 ? 'AccessForbidden' : 'BadRequest', message, { status, members });
    if (origin === undefined) throw refuse('Insufficient information. Origin request header needed.', {}, 400);
    const about = { Method: method ?? 'OPTIONS', ResourceType };
    if (!store().table(buckets).get(bucket))
      throw refuse('CORSResponse: Bucket not found', { ...about, ResourceType: 'BUCKET' });
    const rules = rulesOf(store(), bucket);
    if (!rules)
      throw refuse('CORSResponse: CORS is not enabled for this bucket.', { ...about, ResourceType: 'BUCKET' });
    if (method === undefined) throw refuse('Invalid Access-Control-Request-Method: null', {}, 400);
    const allowed = planCors(rules, { origin, method, headers });
    // AWS's own misspelling.
    if (!allowed)
      throw refuse(
        "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
        about,
      );
    return allowed;
  },
});
