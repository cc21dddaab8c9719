import { AwsError } from '../../kernel/aws-error.ts';

export const validation = (message: string) => new AwsError('ValidationException', message);
/** As AWS words what its request model refuses. */
export const constraint = (value: unknown, member: string, rule: string) =>
  validation(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );
export const busNotFound = (name: string) =>
  new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
export const ruleNotFound = (rule: string, bus: string) =>
  new AwsError('ResourceNotFoundException', `Rule ${rule} does not exist on EventBus ${bus}.`);
export const resourceNotFound = (arn: string) =>
  new AwsError('ResourceNotFoundException', `Resource ${arn} does not exist.`);
export const invalidPattern = (reason: string) =>
  new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
export const limitExceeded = () =>
  new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
export const busExists = (name: string) =>
  new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
/** As users report it (terraformer pull request 2082). */
export const invalidNextToken = () => validation('Parameter NextToken is not valid.');
