import { AwsError } from '../../kernel/aws-error.ts';

export const loadBalancerNotFound = (arn: string) =>
  new AwsError('LoadBalancerNotFoundException', `Load balancers '[${arn}]' not found`);
export const targetGroupNotFound = (arn: string) =>
  new AwsError('TargetGroupNotFoundException', `Target groups '[${arn}]' not found`);
export const listenerNotFound = (arn: string) =>
  new AwsError('ListenerNotFoundException', `Listeners '[${arn}]' not found`);
export const ruleNotFound = (arn: string) => new AwsError('RuleNotFoundException', `Rules '[${arn}]' not found`);
export const duplicateLoadBalancer = (name: string) =>
  new AwsError(
    'DuplicateLoadBalancerNameException',
    `A load balancer with the same name '${name}' exists, but with different settings`,
  );
export const duplicateTargetGroup = (name: string) =>
  new AwsError(
    'DuplicateTargetGroupNameException',
    `A target group with the same name '${name}' exists, but with different settings`,
  );
export const duplicateListener = (port: number) =>
  new AwsError('DuplicateListenerException', `A listener already exists on this port for this load balancer '${port}'`);
export const priorityInUse = (priority: number) =>
  new AwsError('PriorityInUseException', `Priority '${priority}' is currently in use`);
export const resourceInUse = (what: string, by: string) =>
  new AwsError('ResourceInUseException', `${what} is currently in use by ${by}`);
export const validation = (message: string) => new AwsError('ValidationError', message);
export const notPermitted = (message: string) => new AwsError('OperationNotPermittedException', message);
export const invalidConfiguration = (message: string) => new AwsError('InvalidConfigurationRequestException', message);
export const invalidTarget = (message: string) => new AwsError('InvalidTargetException', message);
/** For what AWS has and this engine does not yet have: said plainly, never stored as if it worked. */
export const notHere = (what: string) =>
  new AwsError('NotImplemented', `${what} is not implemented here`, { status: 501 });
export const invalidMarker = () => validation('The specified marker is not valid');
