import type { Scope } from '../../kernel/scope.ts';

/** `arn:aws:ecs:<region>:<account>:<kind>/<parts>`, the long form that carries the cluster's name. */
export const ecsArn = ({ account, region }: Scope, kind: string, ...parts: readonly string[]): string =>
  `arn:aws:ecs:${region}:${account}:${[kind, ...parts].join('/')}`;

/** What follows the last slash: a cluster's name, a service's name, a task's id. */
export const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** The name in a parameter that may hold a name or an ARN. */
export const nameOf = (nameOrArn: string): string => lastPart(nameOrArn);

/** `family:revision` of a task definition ARN. */
export const familyAndRevision = (arn: string): { family: string; revision: string } => {
  const [family = '', revision = ''] = lastPart(arn).split(':');
  return { family, revision };
};

/** An ECS ARN's kind: `service`, `task`, `cluster`, `task-definition`, `container-instance`, `capacity-provider`, `task-set`. */
export const kindOf = (arn: string): string | undefined => /^arn:aws[\w-]*:ecs:[^:]*:[^:]*:([\w-]+)\//.exec(arn)?.[1];
