import { type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import type { Owner } from '../model.ts';
import { gone, policiesOf } from './policy-owners.ts';

/** Whom a policy of its own type goes to. */
export interface Recipients {
  readonly Roles?: readonly string[];
  readonly Users?: readonly string[];
  readonly Groups?: readonly string[];
}

export const ownersIn = ({ Roles = [], Users = [], Groups = [] }: Recipients): Owner[] => [
  ...Roles.map((name) => ({ kind: 'role', name }) as const),
  ...Users.map((name) => ({ kind: 'user', name }) as const),
  ...Groups.map((name) => ({ kind: 'group', name }) as const),
];

/** Those of the first that are not among the second. */
export const ownersLeft = (before: Recipients, after: Recipients): Owner[] =>
  ownersIn(before).filter((old) => !ownersIn(after).some(({ kind, name }) => kind === old.kind && name === old.name));

interface PolicyProperties extends Recipients {
  readonly PolicyName: string;
  readonly PolicyDocument: unknown;
}

function put(properties: PolicyProperties, context: ResourceContext): void {
  for (const owner of ownersIn(properties)) policiesOf(context, owner).put(properties);
}

/** AWS::IAM::Policy: one inline policy in several roles, users and groups. */
export const policy = resource<PolicyProperties>({
  create(properties, context) {
    put(properties, context);
    const id = context.physicalName({ max: 128 });
    return { id, attributes: { Id: id } };
  },

  update(_id, after, before, context) {
    put(after, context);
    const left = after.PolicyName === before.PolicyName ? ownersLeft(before, after) : ownersIn(before);
    for (const owner of left) gone(() => policiesOf(context, owner).remove(before.PolicyName));
    return undefined;
  },

  delete(_id, properties, context) {
    for (const owner of ownersIn(properties)) gone(() => policiesOf(context, owner).remove(properties.PolicyName));
  },
});

interface OwnPolicyProperties {
  readonly PolicyName: string;
  readonly PolicyDocument?: unknown;
  readonly RoleName?: string;
  readonly UserName?: string;
  readonly GroupName?: string;
}

const ownerOf = ({ RoleName, UserName, GroupName }: OwnPolicyProperties): Owner =>
  RoleName !== undefined
    ? { kind: 'role', name: RoleName }
    : UserName !== undefined
      ? { kind: 'user', name: UserName }
      : { kind: 'group', name: GroupName ?? '' };

function putOwn(properties: OwnPolicyProperties, context: ResourceContext): void {
  const { PolicyName, PolicyDocument } = properties;
  policiesOf(context, ownerOf(properties)).put({ PolicyName, PolicyDocument });
}

/** AWS::IAM::RolePolicy, UserPolicy and GroupPolicy: one inline policy in one of them. */
export const ownPolicy = resource<OwnPolicyProperties>({
  create(properties, context) {
    putOwn(properties, context);
    return { id: `${properties.PolicyName}|${ownerOf(properties).name}` };
  },
  update(_id, after, _before, context) {
    putOwn(after, context);
    return undefined;
  },
  delete(_id, properties, context) {
    gone(() => policiesOf(context, ownerOf(properties)).remove(properties.PolicyName));
  },
});
