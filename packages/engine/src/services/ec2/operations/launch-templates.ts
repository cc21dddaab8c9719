import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { missingParameter } from '../errors.ts';
import { describe } from '../filters.ts';
import {
  type Handler,
  type In,
  type LaunchTemplate,
  type LaunchTemplateVersion,
  launchTemplates,
  launchTemplateVersions,
  newId,
  tagsFor,
} from '../model.ts';

interface Named {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
}

const idNotFound = (id: string) =>
  new AwsError(
    'InvalidLaunchTemplateId.NotFound',
    `The specified launch template, with template ID ${id}, does not exist.`,
  );
const nameNotFound = (name: string) =>
  new AwsError(
    'InvalidLaunchTemplateName.NotFoundException',
    `The specified launch template, with template name ${name}, does not exist.`,
  );

/** A template by its id or its name, never by both. */
export function requireTemplate({ store }: Context, { LaunchTemplateId: id, LaunchTemplateName: name }: Named) {
  if (id && name)
    throw new AwsError(
      'InvalidParameterCombination',
      'Only one of launch template ID and launch template name may be specified',
    );
  if (id) {
    const found = store.table(launchTemplates).get(id);
    if (!found) throw idNotFound(id);
    return found;
  }
  if (!name) throw missingParameter('LaunchTemplateId');
  const [found] = store.table(launchTemplates).list(({ LaunchTemplateName }) => LaunchTemplateName === name);
  if (!found) throw nameNotFound(name);
  return found;
}

/** The versions of a template that are there, the newest first. */
export const versionsOf = ({ store }: Context, { LaunchTemplateId }: LaunchTemplate): LaunchTemplateVersion[] =>
  store
    .table(launchTemplateVersions)
    .by('template', LaunchTemplateId)
    .sort((a, b) => b.VersionNumber - a.VersionNumber);

/** A version by its number, `$Latest` or `$Default`. */
export function versionOf(context: Context, template: LaunchTemplate, version: string): LaunchTemplateVersion {
  const own = versionsOf(context, template);
  const wanted = version === '$Default' ? String(template.DefaultVersionNumber) : version;
  const found = version === '$Latest' ? own[0] : own.find(({ VersionNumber }) => String(VersionNumber) === wanted);
  if (!found)
    throw new AwsError(
      'InvalidLaunchTemplateId.VersionNotFound',
      `Could not find the specified version ${version} for the launch template with ID ${template.LaunchTemplateId}.`,
    );
  return found;
}

/** What a client that names a template wants started. Without a version it is the default one. */
export const requireVersion = (
  context: Context,
  { Version, ...named }: Named & { readonly Version?: string | undefined },
): LaunchTemplateVersion => versionOf(context, requireTemplate(context, named), Version || '$Default');

/** As DescribeLaunchTemplates shows it: the latest version is the highest that is there. */
export const shownTemplate = (context: Context, template: LaunchTemplate): LaunchTemplate => ({
  ...template,
  LatestVersionNumber: versionsOf(context, template)[0]?.VersionNumber ?? template.LatestVersionNumber,
});

/** Writes the next version of a template. */
export function addVersion(
  context: Context,
  template: LaunchTemplate,
  {
    VersionDescription,
    LaunchTemplateData,
  }: Pick<In<'CreateLaunchTemplate'>, 'VersionDescription' | 'LaunchTemplateData'>,
): LaunchTemplateVersion {
  const { LaunchTemplateId, LaunchTemplateName } = template;
  const VersionNumber = template.LatestVersionNumber + 1;
  context.store.table(launchTemplates).put(LaunchTemplateId, { ...template, LatestVersionNumber: VersionNumber });
  return context.store.table(launchTemplateVersions).put(`${LaunchTemplateId}/${VersionNumber}`, {
    ...{ LaunchTemplateId, LaunchTemplateName, VersionNumber },
    ...(VersionDescription === undefined ? {} : { VersionDescription }),
    CreateTime: new Date(context.now),
    CreatedBy: context.caller.arn,
    LaunchTemplateData: LaunchTemplateData as LaunchTemplateVersion['LaunchTemplateData'],
  });
}

export const createLaunchTemplate: Handler<'CreateLaunchTemplate'> = (input, context) => {
  const { LaunchTemplateName } = input;
  const rows = context.store.table(launchTemplates);
  if (!/^[a-zA-Z0-9().\-/_]{3,128}$/.test(LaunchTemplateName))
    throw new AwsError(
      'InvalidLaunchTemplateName.MalformedException',
      'A launch template name must be between 3 and 128 characters, and may contain letters, numbers, and the following characters: - ( ) . / _.',
    );
  if (rows.list((one) => one.LaunchTemplateName === LaunchTemplateName).length > 0)
    throw new AwsError('InvalidLaunchTemplateName.AlreadyExistsException', 'Launch template name already in use.');
  const LaunchTemplateId = newId(context, 'lt');
  const template = {
    ...{ LaunchTemplateId, LaunchTemplateName, DefaultVersionNumber: 1, LatestVersionNumber: 0 },
    CreateTime: new Date(context.now),
    CreatedBy: context.caller.arn,
    Tags: tagsFor(input.TagSpecifications, 'launch-template'),
  };
  addVersion(context, template, input);
  return { LaunchTemplate: shownTemplate(context, template) };
};

export const describeLaunchTemplates: Handler<'DescribeLaunchTemplates'> = (input, context) => {
  const table = context.store.table(launchTemplates);
  const unknown = input.LaunchTemplateIds?.find((id) => !table.get(id));
  if (unknown !== undefined) throw idNotFound(unknown);
  const { LaunchTemplateNames: names = [] } = input;
  const named = table.list(({ LaunchTemplateName }) => names.includes(LaunchTemplateName));
  if (named.length < new Set(names).size)
    throw new AwsError(
      'InvalidLaunchTemplateName.NotFoundException',
      'At least one of the launch templates specified in the request does not exist.',
    );
  const wanted = [...(input.LaunchTemplateIds ?? []), ...named.map(({ LaunchTemplateId }) => LaunchTemplateId)];
  const ids = { wanted, code: 'InvalidLaunchTemplateId', kind: 'launch template' };
  const { rows, ...rest } = describe(context, launchTemplates, input, ids, (row) => shownTemplate(context, row));
  return { LaunchTemplates: rows, ...rest };
};

/** Only which version is the default one can change. */
export const modifyLaunchTemplate: Handler<'ModifyLaunchTemplate'> = (input, context) => {
  const template = requireTemplate(context, input);
  if (!input.DefaultVersion) throw missingParameter('SetDefaultVersion');
  const { VersionNumber } = versionOf(context, template, input.DefaultVersion);
  const changed = { ...template, DefaultVersionNumber: VersionNumber };
  context.store.table(launchTemplates).put(template.LaunchTemplateId, changed);
  return { LaunchTemplate: shownTemplate(context, changed) };
};

export const deleteLaunchTemplate: Handler<'DeleteLaunchTemplate'> = (input, context) => {
  const template = requireTemplate(context, input);
  const shown = shownTemplate(context, template);
  for (const { LaunchTemplateId, VersionNumber } of versionsOf(context, template))
    context.store.table(launchTemplateVersions).delete(`${LaunchTemplateId}/${VersionNumber}`);
  context.store.table(launchTemplates).delete(template.LaunchTemplateId);
  return { LaunchTemplate: shown };
};
