import type { Image } from '@aws-sdk/client-ec2';
import { onePage, passes } from '../filters.ts';
import type { Handler } from '../model.ts';
import { allImages, imageNotFound } from './own-images.ts';

export const describeImages: Handler<'DescribeImages'> = (input, context) => {
  const { ImageIds = [], Owners = [], Filters } = input;
  const all = allImages(context);
  const missing = ImageIds.filter((id) => !all.some(({ ImageId }) => ImageId === id));
  if (missing.length > 0) throw imageNotFound(missing);
  const owners = Owners.map((owner) => (owner === 'self' ? context.scope.account : owner));
  const found = all
    .filter(({ ImageId = '' }) => ImageIds.length === 0 || ImageIds.includes(ImageId))
    .filter(
      ({ OwnerId = '', ImageOwnerAlias = '' }) =>
        owners.length === 0 || owners.some((owner) => owner === OwnerId || owner === ImageOwnerAlias),
    )
    .filter((image) => passes(aliased(image), Filters));
  const { rows, ...rest } = onePage(found, input);
  return { Images: rows, ...rest };
};

/** Filters name what images are by other words than their members. */
const aliased = (image: Image): object => ({
  ...image,
  OwnerAlias: image.ImageOwnerAlias,
  IsPublic: image.Public,
});
