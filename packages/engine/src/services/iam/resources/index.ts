import type { ResourceHandler } from '../../../cloudformation/resource-handler.ts';
import { openIdProvider, samlProvider } from './identity-providers.ts';
import { instanceProfile } from './instance-profile.ts';
import { managedPolicy } from './managed-policy.ts';
import { ownPolicy, policy } from './policy.ts';
import { role } from './role.ts';
import { serviceLinkedRole } from './service-linked-role.ts';
import { accessKey, group, user, userToGroupAddition } from './users-and-groups.ts';

export const resources: Readonly<Record<string, ResourceHandler>> = {
  'AWS::IAM::AccessKey': accessKey,
  'AWS::IAM::Group': group,
  'AWS::IAM::GroupPolicy': ownPolicy,
  'AWS::IAM::InstanceProfile': instanceProfile,
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::IAM::OIDCProvider': openIdProvider,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::Role': role,
  'AWS::IAM::RolePolicy': ownPolicy,
  'AWS::IAM::SAMLProvider': samlProvider,
  'AWS::IAM::ServiceLinkedRole': serviceLinkedRole,
  'AWS::IAM::User': user,
  'AWS::IAM::UserPolicy': ownPolicy,
  'AWS::IAM::UserToGroupAddition': userToGroupAddition,
};
