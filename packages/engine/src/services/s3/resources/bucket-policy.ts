import { resource } from '../../../cloudformation/resource-handler.ts';

/** AWS::S3::BucketPolicy */
export const bucketPolicy = resource<{ Bucket: string; PolicyDocument: unknown }>({
  create({ Bucket, PolicyDocument }, { s3 }) {
    s3.putBucketPolicy({ Bucket, Policy: JSON.stringify(PolicyDocument) });
    return { id: Bucket };
  },
  update(Bucket, { PolicyDocument }, _, { s3 }) {
    s3.putBucketPolicy({ Bucket, Policy: JSON.stringify(PolicyDocument) });
    return undefined;
  },
  delete: (Bucket, _, { s3 }) => void s3.deleteBucketPolicy({ Bucket }),
});
