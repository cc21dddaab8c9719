import { labelLimit, versionNotFound } from '../errors.ts';
import { latest, type Parameter, type ParameterVersion, parameters } from '../model.ts';
import { type Op, requireParameter } from './parameters.ts';

const labels_max = 10;

/** A label is at one version of a parameter; putting it elsewhere moves it. */
export const labelParameterVersion: Op<'LabelParameterVersion'> = (
  { Name, Labels, ParameterVersion: wanted },
  context,
) => {
  const parameter = requireParameter(context, Name);
  const target = requireVersion(parameter, wanted ?? latest(parameter).version);
  const invalid = Labels.filter((label) => !isLabel(label));
  const added = Labels.filter((label) => isLabel(label));
  const labels = [...new Set([...target.labels, ...added])];
  if (labels.length > labels_max) throw labelLimit();
  const versions = parameter.versions.map((version) =>
    version.version === target.version
      ? { ...version, labels }
      : { ...version, labels: version.labels.filter((label) => !added.includes(label)) },
  );
  context.store.table(parameters).put(parameter.name, { ...parameter, versions });
  return { InvalidLabels: invalid, ParameterVersion: target.version };
};

export const unlabelParameterVersion: Op<'UnlabelParameterVersion'> = (
  { Name, Labels, ParameterVersion: wanted },
  context,
) => {
  const parameter = requireParameter(context, Name);
  const target = requireVersion(parameter, wanted);
  const removed = Labels.filter((label) => target.labels.includes(label));
  const versions = parameter.versions.map((version) =>
    version === target ? { ...version, labels: version.labels.filter((label) => !removed.includes(label)) } : version,
  );
  context.store.table(parameters).put(parameter.name, { ...parameter, versions });
  return { RemovedLabels: removed, InvalidLabels: Labels.filter((label) => !removed.includes(label)) };
};

/** Labels begin with a letter or an underscore, and never with AWS's own names. */
const isLabel = (label: string): boolean => /^(?!aws|ssm)[A-Za-z_][\w.-]{0,99}$/i.test(label);

function requireVersion(parameter: Parameter, number: number): ParameterVersion {
  const found = parameter.versions.find(({ version }) => version === number);
  if (!found) throw versionNotFound(parameter.name, String(number));
  return found;
}
