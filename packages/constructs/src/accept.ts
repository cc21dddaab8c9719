import { Stack, Validations } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/** Says why a best-practice rule does not hold for one construct and what is in it. */
export function accept(construct: IConstruct, rules: Readonly<Record<string, string>>): void {
  Validations.of(construct).acknowledge(...Object.entries(rules).map(([id, reason]) => ({ id, reason })));
}

/** Says why these statements name some resources with a wildcard. Wildcards of other statements are still found. */
export function acceptWildcards(construct: IConstruct, statements: readonly PolicyStatement[], reason: string): void {
  const stack = Stack.of(construct);
  const resources = statements.flatMap((statement) => statement.resources.map((arn) => flatten(stack.resolve(arn))));
  const wild = resources.filter((resource) => resource.includes('*'));
  accept(construct, Object.fromEntries(wild.map((resource) => [`AwsSolutions-IAM5[Resource::${resource}]`, reason])));
}

/** Writes an intrinsic function as the rules do: `arn:<AWS::Partition>:s3:::files/*`. */
function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  if ('Ref' in value) return `<${String(value.Ref)}>`;
  if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt'])) return `<${value['Fn::GetAtt'].join('.')}>`;
  const join = 'Fn::Join' in value ? value['Fn::Join'] : undefined;
  return Array.isArray(join) && Array.isArray(join[1]) ? join[1].map(flatten).join(String(join[0])) : '';
}
