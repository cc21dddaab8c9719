import { notFound } from '../errors.ts';
import { onePage, passes } from '../filters.ts';
import { imagesOf } from '../images.ts';
import type { Handler } from '../model.ts';

export const describeImages: Handler<'DescribeImages'> = (input, { scope }) => {
  const { ImageIds = [], Owners = [], Filters } = input;
  const all = imagesOf(scope.region);
  const missing = ImageIds.filter((id) => !all.some(({ ImageId }) => ImageId === id));
  if (missing.length > 0) throw notFound('InvalidAMIID', 'image', missing);
  const found = all
    .filter(({ ImageId = '' }) => ImageIds.length === 0 || ImageIds.includes(ImageId))
    .filter(
      ({ OwnerId = '', ImageOwnerAlias = '' }) =>
        Owners.length === 0 || Owners.some((owner) => owner === OwnerId || owner === ImageOwnerAlias),
    )
    .filter((image) => passes(aliased(image), Filters));
  const { rows, ...rest } = onePage(found, input);
  return { Images: rows, ...rest };
};

/** Filters name what images are by other words than their members. */
const aliased = (image: ReturnType<typeof imagesOf>[number]): object => ({
  ...image,
  OwnerAlias: image.ImageOwnerAlias,
  IsPublic: image.Public,
});
