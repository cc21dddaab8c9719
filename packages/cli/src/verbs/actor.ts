import type { EngineEvent } from '@rockpool/engine';

export interface Actor {
  readonly kind: 'function' | 'scaling' | 'stack' | 'service' | 'role' | 'user';
  readonly name: string;
}

/** Who did something, as people know them: from the caller of the operation and what set it off. */
export function actorOf({ kind, arn, cause, sourceArn }: EngineEvent['actor']): Actor {
  if (cause?.function) return { kind: 'function', name: cause.function };
  const [, role = '', session = ''] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  if (role.startsWith('AWSServiceRoleForApplicationAutoScaling'))
    return { kind: 'scaling', name: 'Application Auto Scaling' };
  if (session === 'AWSCloudFormation') return { kind: 'stack', name: `CloudFormation as ${role}` };
  if (role) return { kind: 'role', name: `${role}/${session}` };
  if (kind === 'service') return serviceActor(arn, sourceArn);
  return { kind: 'user', name: arn.split(/[/:]/).at(-1) ?? arn };
}

function serviceActor(principal: string, sourceArn: string | undefined): Actor {
  const name = principal.replace(/\.amazonaws\.com$/, '');
  return { kind: 'service', name: sourceArn ? `${name} for ${sourceArn.split(/[/:]/).at(-1)}` : name };
}

export const actorText = ({ kind, name }: Actor): string =>
  kind === 'function' || kind === 'stack' || kind === 'role' ? `${kind} ${name}` : name;
