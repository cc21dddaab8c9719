import type { LaunchTemplateErrorCode } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import { invalidParameter, missingParameter } from '../errors.ts';
import { passes } from '../filters.ts';
import { dataOf } from '../launch-template-data.ts';
import {
  type Handler,
  type In,
  type LaunchTemplate,
  type LaunchTemplateVersion,
  launchTemplates,
  launchTemplateVersions,
  volumes,
} from '../model.ts';
import { addVersion, requireTemplate, versionOf, versionsOf } from './launch-templates.ts';
import { requireInstance } from './run-instances.ts';

/** Which version is the default one is the template's to say. */
const shown = (version: LaunchTemplateVersion, { DefaultVersionNumber }: LaunchTemplate): LaunchTemplateVersion => ({
  ...version,
  DefaultVersion: version.VersionNumber === DefaultVersionNumber,
});

/** With a source version, what is not said anew is as there. */
export const createLaunchTemplateVersion: Handler<'CreateLaunchTemplateVersion'> = (input, context) => {
  const template = requireTemplate(context, input);
  const source = input.SourceVersion ? versionOf(context, template, input.SourceVersion) : undefined;
  const LaunchTemplateData = { ...(source?.LaunchTemplateData as object | undefined), ...input.LaunchTemplateData };
  const { VersionDescription } = input;
  const version = addVersion(context, template, { VersionDescription, LaunchTemplateData });
  return { LaunchTemplateVersion: shown(version, template) };
};

function wantedVersions(input: In<'DescribeLaunchTemplateVersions'>, context: Context): LaunchTemplateVersion[] {
  const { LaunchTemplateId, LaunchTemplateName, Versions = [], MinVersion = '0', MaxVersion = 'Infinity' } = input;
  if (!LaunchTemplateId && !LaunchTemplateName) {
    if (Versions.length === 0) throw missingParameter('LaunchTemplateId');
    if (Versions.some((version) => !version.startsWith('$')))
      throw invalidParameter('Only $Latest and $Default may be asked of all launch templates.');
    const all = context.store.table(launchTemplates).list();
    return all.flatMap((template) => Versions.map((version) => shown(versionOf(context, template, version), template)));
  }
  const template = requireTemplate(context, input);
  const found = Versions.length
    ? Versions.map((version) => versionOf(context, template, version))
    : versionsOf(context, template).filter(
        ({ VersionNumber }) => VersionNumber >= Number(MinVersion) && VersionNumber <= Number(MaxVersion),
      );
  return found.map((version) => shown(version, template));
}

/** Filters are about what a version would start. */
const filtered = (version: LaunchTemplateVersion): object => ({
  ...version.LaunchTemplateData,
  ...version,
  IsDefaultVersion: version.DefaultVersion,
});

export const describeLaunchTemplateVersions: Handler<'DescribeLaunchTemplateVersions'> = (input, context) => {
  const found = wantedVersions(input, context).filter((version) => passes(filtered(version), input.Filters));
  const { items, nextToken } = page(found, {
    token: input.NextToken,
    size: input.MaxResults ?? 200,
    invalid: () => new AwsError('InvalidParameterValue', 'Unable to parse pagination token'),
  });
  return { LaunchTemplateVersions: items, ...(nextToken ? { NextToken: nextToken } : {}) };
};

/** Each version for itself: the default one stays, and so does nothing that is not there. */
export const deleteLaunchTemplateVersions: Handler<'DeleteLaunchTemplateVersions'> = (input, context) => {
  const template = requireTemplate(context, input);
  const { LaunchTemplateId, LaunchTemplateName } = template;
  const rows = context.store.table(launchTemplateVersions);
  const results = input.Versions.map((version) => {
    const item = { LaunchTemplateId, LaunchTemplateName, VersionNumber: Number(version) };
    const refusal = refusalOf(template, item.VersionNumber, rows.get(`${LaunchTemplateId}/${version}`) !== undefined);
    if (!refusal) rows.delete(`${LaunchTemplateId}/${version}`);
    return refusal ? { ...item, ResponseError: refusal } : item;
  });
  return {
    SuccessfullyDeletedLaunchTemplateVersions: results.filter((one) => !('ResponseError' in one)),
    UnsuccessfullyDeletedLaunchTemplateVersions: results.filter((one) => 'ResponseError' in one),
  };
};

function refusalOf(
  { DefaultVersionNumber, LaunchTemplateId }: LaunchTemplate,
  version: number,
  isThere: boolean,
): { readonly Code: LaunchTemplateErrorCode; readonly Message: string } | undefined {
  if (!isThere)
    return {
      Code: 'launchTemplateVersionDoesNotExist',
      Message: `Could not find the specified version ${version} for the launch template with ID ${LaunchTemplateId}.`,
    };
  if (version !== DefaultVersionNumber) return undefined;
  return { Code: 'unexpectedError', Message: 'The default version of a launch template cannot be deleted.' };
}

export const getLaunchTemplateData: Handler<'GetLaunchTemplateData'> = ({ InstanceId }, context) => ({
  LaunchTemplateData: dataOf(requireInstance(context, InstanceId), context.store.table(volumes).list()),
});
