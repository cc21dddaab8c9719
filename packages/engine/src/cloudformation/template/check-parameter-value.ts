import { type ParameterDeclaration, templateError } from './template.ts';

const plainTypes = ['String', 'Number', 'CommaDelimitedList', 'List<Number>', 'List<String>'];
const awsTypes = [
  'AWS::EC2::AvailabilityZone::Name',
  'AWS::EC2::Image::Id',
  'AWS::EC2::Instance::Id',
  'AWS::EC2::KeyPair::KeyName',
  'AWS::EC2::SecurityGroup::GroupName',
  'AWS::EC2::SecurityGroup::Id',
  'AWS::EC2::Subnet::Id',
  'AWS::EC2::Volume::Id',
  'AWS::EC2::VPC::Id',
  'AWS::Route53::HostedZone::Id',
];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html */
export function isParameterType(type: string): boolean {
  if (type === 'AWS::SSM::Parameter::Name') return true;
  const inner = /^AWS::SSM::Parameter::Value<(.+)>$/.exec(type)?.[1] ?? type;
  return [...plainTypes, ...awsTypes, ...awsTypes.map((aws) => `List<${aws}>`)].includes(inner);
}

/** Checks a value against its declaration: type, allowed values, pattern, lengths, bounds. Each item of a list is checked by itself. */
export function checkParameterValue(name: string, declaration: ParameterDeclaration, type: string, text: string): void {
  const list = type === 'CommaDelimitedList' || type.startsWith('List<');
  const items = list ? (text === '' ? [] : text.split(',').map((item) => item.trim())) : [text];
  for (const item of items) {
    const complaint = complaintAbout(declaration, type, item);
    if (complaint === undefined) continue;
    const { ConstraintDescription } = declaration;
    throw templateError(
      ConstraintDescription
        ? `Parameter ${name} failed to satisfy constraint: ${ConstraintDescription}`
        : `Parameter '${name}' ${complaint}`,
    );
  }
}

function complaintAbout(declaration: ParameterDeclaration, type: string, item: string): string | undefined {
  const { AllowedValues, AllowedPattern } = declaration;
  if (type.includes('Number') && (item.trim() === '' || Number.isNaN(Number(item)))) return 'must be a number';
  if (AllowedValues && !AllowedValues.some((allowed) => String(allowed) === item))
    return 'must be one of AllowedValues';
  if (AllowedPattern !== undefined && !matchesWhole(AllowedPattern, item))
    return `must match pattern ${AllowedPattern}`;
  return type.includes('Number') ? outOfBounds(declaration, Number(item)) : outOfLength(declaration, item.length);
}

const matchesWhole = (pattern: string, text: string): boolean => new RegExp(`^(?:${pattern})$`, 's').test(text);

function outOfBounds({ MinValue, MaxValue }: ParameterDeclaration, value: number): string | undefined {
  if (MinValue !== undefined && value < Number(MinValue)) return `must be a number not less than ${MinValue}`;
  if (MaxValue !== undefined && value > Number(MaxValue)) return `must be a number not greater than ${MaxValue}`;
  return undefined;
}

function outOfLength({ MinLength, MaxLength }: ParameterDeclaration, length: number): string | undefined {
  if (MinLength !== undefined && length < Number(MinLength)) return `must contain at least ${MinLength} characters`;
  if (MaxLength !== undefined && length > Number(MaxLength)) return `must contain at most ${MaxLength} characters`;
  return undefined;
}
