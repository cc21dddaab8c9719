import type { Tag } from '@aws-sdk/client-acm';
import type { Context } from '../../../kernel/context.ts';
import { reservedTag, tooManyTags } from '../errors.ts';
import { putCertificate, requireCertificate } from '../lookup.ts';
import type { Handler } from '../model.ts';

const tags_max = 50;

/** Tags as they may be on a certificate; CloudFormation's own begin with `aws:`, which nobody else may. */
export function checkTags(tags: readonly Tag[]): readonly Tag[] {
  const reserved = tags.find(({ Key = '' }) => /^aws:(?!cloudformation:)/.test(Key));
  if (reserved) throw reservedTag(reserved.Key ?? '');
  if (tags.length > tags_max) throw tooManyTags();
  return tags;
}

function add(arn: string, fresh: readonly Tag[], context: Context): void {
  const known = requireCertificate(context, arn);
  const kept = known.tags.filter(({ Key }) => !fresh.some((tag) => tag.Key === Key));
  putCertificate(context, { ...known, tags: checkTags([...kept, ...fresh]) });
}

function remove(arn: string, isMeant: (tag: Tag) => boolean, context: Context): void {
  const known = requireCertificate(context, arn);
  putCertificate(context, { ...known, tags: known.tags.filter((tag) => !isMeant(tag)) });
}

export const addTagsToCertificate: Handler<'AddTagsToCertificate'> = ({ CertificateArn, Tags }, context) => {
  add(CertificateArn, Tags, context);
  return {};
};

/** A tag that is named with a value goes only if it has that value. */
export const removeTagsFromCertificate: Handler<'RemoveTagsFromCertificate'> = ({ CertificateArn, Tags }, context) => {
  const isMeant = ({ Key, Value }: Tag) =>
    Tags.some((tag) => tag.Key === Key && (tag.Value === undefined || tag.Value === Value));
  remove(CertificateArn, isMeant, context);
  return {};
};

export const listTagsForCertificate: Handler<'ListTagsForCertificate'> = ({ CertificateArn }, context) => ({
  Tags: [...requireCertificate(context, CertificateArn).tags],
});

export const tagResource: Handler<'TagResource'> = ({ ResourceArn, Tags }, context) => {
  add(ResourceArn, Tags, context);
  return {};
};

export const untagResource: Handler<'UntagResource'> = ({ ResourceArn, TagKeys }, context) => {
  remove(ResourceArn, ({ Key = '' }) => TagKeys.includes(Key), context);
  return {};
};

export const listTagsForResource: Handler<'ListTagsForResource'> = ({ ResourceArn }, context) => ({
  Tags: [...requireCertificate(context, ResourceArn).tags],
});
