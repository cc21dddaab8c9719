import { isDeepStrictEqual } from 'node:util';
import type { LaunchTemplate, RequestLaunchTemplateData, TagSpecification } from '@aws-sdk/client-ec2';
import { type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import { retag } from './network.ts';

interface TemplateProperties {
  readonly LaunchTemplateName?: string;
  readonly LaunchTemplateData: RequestLaunchTemplateData;
  readonly VersionDescription?: string;
  readonly TagSpecifications?: readonly TagSpecification[];
}

const ownTags = ({ TagSpecifications = [] }: TemplateProperties) =>
  TagSpecifications.filter(({ ResourceType }) => ResourceType === 'launch-template').flatMap(({ Tags = [] }) => Tags);

const attributesOf = ({ LaunchTemplateId, DefaultVersionNumber, LatestVersionNumber }: LaunchTemplate = {}) => ({
  LaunchTemplateId,
  DefaultVersionNumber: String(DefaultVersionNumber),
  LatestVersionNumber: String(LatestVersionNumber),
});

/** AWS::EC2::LaunchTemplate. An update writes another version; which one is the default is not the template's to say. */
export const launchTemplate = resource<TemplateProperties>({
  create(properties, context) {
    const {
      LaunchTemplateName = context.physicalName({ max: 128 }),
      LaunchTemplateData,
      VersionDescription,
    } = properties;
    const TagSpecifications = [{ ResourceType: 'launch-template' as const, Tags: context.tags(ownTags(properties)) }];
    const { LaunchTemplate: made } = context.ec2.createLaunchTemplate({
      ...{ LaunchTemplateName, LaunchTemplateData, VersionDescription, TagSpecifications },
    });
    return { id: made?.LaunchTemplateId ?? '', attributes: attributesOf(made) };
  },
  update(LaunchTemplateId, properties, previous, context) {
    const { LaunchTemplateData, VersionDescription } = properties;
    if (!isDeepStrictEqual(spoken(properties), spoken(previous)))
      context.ec2.createLaunchTemplateVersion({ LaunchTemplateId, LaunchTemplateData, VersionDescription });
    retag(LaunchTemplateId, context, ownTags(properties), ownTags(previous));
    return attributesOf(found(LaunchTemplateId, context));
  },
  delete: (LaunchTemplateId, _, { ec2 }) => void ec2.deleteLaunchTemplate({ LaunchTemplateId }),
});

const spoken = ({ LaunchTemplateData, VersionDescription }: TemplateProperties) => ({
  LaunchTemplateData,
  VersionDescription,
});

const found = (id: string, { ec2 }: ResourceContext) =>
  ec2.describeLaunchTemplates({ LaunchTemplateIds: [id] }).LaunchTemplates?.[0];
