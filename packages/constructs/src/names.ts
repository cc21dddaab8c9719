import { DefinitionError } from './definition-error.ts';

/** `LicenseManager` -> `license-manager`. */
export function kebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase();
}

/** `license-manager` -> `LicenseManager`. */
export function pascalCase(name: string): string {
  return kebabCase(name)
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** `alertEmail` -> `ALERT_EMAIL`. */
export function constantCase(name: string): string {
  return kebabCase(name).replaceAll('-', '_').toUpperCase();
}

// The longest name made of both is that of a rule, and EventBridge allows 64 characters as Lambda does.
const longestPair = 64 - '--task-alarms-on-task'.length;

/** Refuses names that AWS would refuse later, in the middle of a deployment. */
export function requireNames(platform: string, service: string): void {
  if (!/^[a-z][a-z0-9-]*$/.test(service)) {
    throw new DefinitionError('InvalidServiceName', `"${service}" cannot be the name of a service`, [
      'use lower-case letters, digits and hyphens, and begin with a letter: license-manager',
    ]);
  }
  if (platform.length + service.length > longestPair) {
    throw new DefinitionError(
      'NameTooLong',
      `the names "${platform}" and "${service}" have ${platform.length + service.length} characters together`,
      [`shorten one of them: names of functions and rules are made of both, so they may have ${longestPair} together`],
    );
  }
}

/** The names by which the parts of one service find each other at run time. */
export interface ServiceNames {
  readonly cluster: string;
  readonly service: string;
  /** Begins the name of every alarm of the kind. The rest is the task's id. */
  readonly upperAlarms: string;
  readonly lowerAlarms: string;
  /** The SSM parameters of the scaling functions live below this path. */
  readonly parameters: string;
}

export function serviceNames(cluster: string, service: string): ServiceNames {
  return {
    cluster,
    service,
    upperAlarms: `${cluster}/${service}/upper/`,
    lowerAlarms: `${cluster}/${service}/lower/`,
    parameters: `/rockpool/${cluster}/${service}`,
  };
}
