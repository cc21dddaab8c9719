import { isFields, type Template } from './template/template.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html, Capabilities */
const iamTypes = [
  'AWS::IAM::AccessKey',
  'AWS::IAM::Group',
  'AWS::IAM::GroupPolicy',
  'AWS::IAM::InstanceProfile',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::User',
  'AWS::IAM::UserPolicy',
  'AWS::IAM::UserToGroupAddition',
];
/** A custom name asks for more, since it may be one that something else relies on. */
const names: Readonly<Record<string, string>> = {
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
};

export type Capability = 'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM' | 'CAPABILITY_AUTO_EXPAND';

export interface RequiredCapabilities {
  readonly capabilities: readonly Capability[];
  readonly reason?: string;
}

/** What a user must acknowledge before a template may be used. */
export function requiredCapabilities(template: Template): RequiredCapabilities {
  const iam = Object.values(template.resources).filter(({ Type }) => iamTypes.includes(Type));
  const named = iam.some(({ Type, Properties }) => {
    const name = names[Type];
    return name !== undefined && isFields(Properties) && Properties[name] !== undefined;
  });
  const capabilities: Capability[] = [];
  if (iam.length > 0) capabilities.push(named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM');
  if (template.transforms.length > 0) capabilities.push('CAPABILITY_AUTO_EXPAND');
  const types = [...new Set(iam.map(({ Type }) => Type))];
  const reason = types.length > 0 ? `The following resource(s) require capabilities: [${types.join(', ')}]` : undefined;
  return { capabilities, ...(reason ? { reason } : {}) };
}

/** The required capabilities that were not given. CAPABILITY_NAMED_IAM says all that CAPABILITY_IAM says. */
export const missingCapabilities = (template: Template, given: readonly string[]): Capability[] =>
  requiredCapabilities(template).capabilities.filter(
    (capability) =>
      !given.includes(capability) && !(capability === 'CAPABILITY_IAM' && given.includes('CAPABILITY_NAMED_IAM')),
  );
