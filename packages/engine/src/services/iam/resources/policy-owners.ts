import type { ResourceContext } from '../../../cloudformation/resource-handler.ts';
import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Owner, OwnerKind } from '../model.ts';

export interface InlineProperties {
  readonly PolicyName: string;
  /** An object in templates; CloudFormation writes it as JSON for IAM. */
  readonly PolicyDocument: unknown;
}

/** What roles, users and groups have alike in templates. */
export interface OwnerProperties {
  readonly ManagedPolicyArns?: readonly string[];
  readonly Policies?: readonly InlineProperties[];
}

export const documentText = (document: unknown): string =>
  typeof document === 'string' ? document : JSON.stringify(document);

/** IAM's operations on an owner's policies, whichever kind it is. */
export function policiesOf({ iam }: ResourceContext, { kind, name }: Owner) {
  const [role, user, group] = [{ RoleName: name }, { UserName: name }, { GroupName: name }];
  const choose = <T>(choices: Record<OwnerKind, () => T>): T => choices[kind]();
  return {
    attach: (PolicyArn: string) =>
      choose({
        role: () => iam.attachRolePolicy({ ...role, PolicyArn }),
        user: () => iam.attachUserPolicy({ ...user, PolicyArn }),
        group: () => iam.attachGroupPolicy({ ...group, PolicyArn }),
      }),
    detach: (PolicyArn: string) =>
      choose({
        role: () => iam.detachRolePolicy({ ...role, PolicyArn }),
        user: () => iam.detachUserPolicy({ ...user, PolicyArn }),
        group: () => iam.detachGroupPolicy({ ...group, PolicyArn }),
      }),
    put({ PolicyName, PolicyDocument }: InlineProperties) {
      const policy = { PolicyName, PolicyDocument: documentText(PolicyDocument) };
      return choose({
        role: () => iam.putRolePolicy({ ...role, ...policy }),
        user: () => iam.putUserPolicy({ ...user, ...policy }),
        group: () => iam.putGroupPolicy({ ...group, ...policy }),
      });
    },
    remove: (PolicyName: string) =>
      choose({
        role: () => iam.deleteRolePolicy({ ...role, PolicyName }),
        user: () => iam.deleteUserPolicy({ ...user, PolicyName }),
        group: () => iam.deleteGroupPolicy({ ...group, PolicyName }),
      }),
  };
}

/** Brings an owner's policies from what the template said to what it says. Others, which the template never named, stay. */
export function changePolicies(
  context: ResourceContext,
  owner: Owner,
  { before, after }: { readonly before: OwnerProperties; readonly after: OwnerProperties },
): void {
  const policies = policiesOf(context, owner);
  const [oldArns, newArns] = [before.ManagedPolicyArns ?? [], after.ManagedPolicyArns ?? []];
  const [oldInline, newInline] = [before.Policies ?? [], after.Policies ?? []];
  for (const arn of oldArns.filter((old) => !newArns.includes(old))) gone(() => policies.detach(arn));
  for (const arn of newArns.filter((fresh) => !oldArns.includes(fresh))) policies.attach(arn);
  for (const old of oldInline)
    if (!newInline.some(({ PolicyName }) => PolicyName === old.PolicyName)) gone(() => policies.remove(old.PolicyName));
  for (const fresh of newInline) policies.put(fresh);
}

/** What is to go may have gone already, by hand or with its owner. */
export function gone(remove: () => unknown): void {
  try {
    remove();
  } catch (error) {
    if (!isAwsError(error, 'NoSuchEntity')) throw error;
  }
}
