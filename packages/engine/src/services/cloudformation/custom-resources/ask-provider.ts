import type { Properties, ResourceContext } from '../../../cloudformation/resource-handler.ts';
import { validationError } from '../errors.ts';
import type { Ports } from '../ports.ts';
import { newSecret, signedAddress } from '../signed-address.ts';
import { asTexts, type CustomRequest, customRequests, requestKey } from './model.ts';

/** What is asked of a provider. */
export interface Question {
  readonly requestType: CustomRequest['requestType'];
  readonly resourceType: string;
  readonly properties: Properties;
  readonly previous?: Properties;
  /** What there is; of a creation there is nothing yet. */
  readonly physicalId?: string;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html, ServiceTimeout */
const timeout_s_max = 3600;

/** Writes a request down and hands it to the function or topic that the resource names. It is answered at its response address. */
export function askProvider(context: ResourceContext, ports: Ports, question: Question): void {
  const { stackId, logicalId } = context;
  const { requestType, physicalId, properties } = question;
  const key = requestKey(stackId, logicalId, requestType === 'Delete' ? physicalId : undefined);
  const request: CustomRequest = {
    key,
    requestId: context.requestToken ?? context.ids.uuid('cloudformation/request'),
    requestType,
    stackId,
    logicalId,
    secret: newSecret(context),
    deadline: context.now + timeout_s(properties) * 1000,
    noEcho: false,
  };
  context.store.table(customRequests).put(key, request);
  deliver(context, String(properties['ServiceToken']), eventOf(context, ports, request, question));
}

function timeout_s({ ServiceTimeout }: Properties): number {
  const seconds = ServiceTimeout === undefined ? timeout_s_max : Number(ServiceTimeout);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > timeout_s_max)
    throw validationError(`ServiceTimeout must be a whole number of seconds from 1 to ${timeout_s_max}`);
  return seconds;
}

function eventOf(context: ResourceContext, ports: Ports, request: CustomRequest, question: Question): object {
  const { requestId, requestType, stackId, logicalId, secret } = request;
  const { properties, previous, physicalId, resourceType } = question;
  return {
    RequestType: requestType,
    ServiceToken: String(properties['ServiceToken']),
    ResponseURL: signedAddress(context, ports, {
      kind: 'custom-resource-response',
      key: `${stackId}|${logicalId}|${requestId}`,
      secret,
    }),
    StackId: stackId,
    RequestId: requestId,
    LogicalResourceId: logicalId,
    ...(physicalId === undefined ? {} : { PhysicalResourceId: physicalId }),
    ResourceType: resourceType,
    ResourceProperties: asTexts(properties),
    ...(previous === undefined ? {} : { OldResourceProperties: asTexts(previous) }),
  };
}

function deliver(context: ResourceContext, serviceToken: string, event: object): void {
  const text = JSON.stringify(event);
  const [, service] = /^arn:[^:]+:(lambda|sns):[^:]+:\d{12}:.+$/.exec(serviceToken) ?? [];
  if (service === 'lambda')
    context.lambda.invokeAsync({ FunctionName: serviceToken, InvokeArgs: Buffer.from(text) as never });
  else if (service === 'sns')
    context.sns.publish({
      TopicArn: serviceToken,
      Subject: 'AWS CloudFormation custom resource request',
      Message: text,
    });
  else throw validationError(`Invalid service token: ${serviceToken} is neither a Lambda function nor an SNS topic`);
}
