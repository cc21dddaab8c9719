import { AwsError } from '../../kernel/aws-error.ts';
import type { TargetKey } from './model.ts';

export const validation = (message: string) => new AwsError('ValidationException', message);
const described = ({ ServiceNamespace, ResourceId, ScalableDimension }: TargetKey) =>
  `service namespace: ${ServiceNamespace}, resource ID: ${ResourceId}, scalable dimension: ${ScalableDimension}`;
export const targetNotFound = (key: TargetKey) =>
  new AwsError('ObjectNotFoundException', `No scalable target found for ${described(key)}`);
export const targetNotRegistered = (key: TargetKey) =>
  new AwsError('ObjectNotFoundException', `No scalable target registered for ${described(key)}`);
export const policyNotFound = (key: TargetKey, name: string) =>
  new AwsError('ObjectNotFoundException', `No scaling policy found for ${described(key)}, policy name: ${name}`);
export const scheduledActionNotFound = (key: TargetKey, name: string) =>
  new AwsError(
    'ObjectNotFoundException',
    `No scheduled action found for ${described(key)}, scheduled action name: ${name}`,
  );
export const resourceNotFound = (arn: string) =>
  new AwsError('ResourceNotFoundException', `The resource ${arn} could not be found.`);
export const invalidNextToken = () => new AwsError('InvalidNextTokenException', 'The next token is not valid.');
