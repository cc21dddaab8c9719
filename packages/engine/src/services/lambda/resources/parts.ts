import { toSdkInput } from '../../../cloudformation/casing.ts';
import { resource } from '../../../cloudformation/resource-handler.ts';
import type { In } from '../model.ts';

interface PermissionProperties {
  readonly Action: string;
  readonly FunctionName: string;
  readonly Principal: string;
  readonly SourceArn?: string;
  readonly SourceAccount?: string;
  readonly EventSourceToken?: string;
  readonly FunctionUrlAuthType?: 'AWS_IAM' | 'NONE';
  readonly PrincipalOrgID?: string;
}

/** AWS::Lambda::Permission */
export const permission = resource<PermissionProperties>({
  create(properties, context) {
    const StatementId = context.physicalName({ max: 100 });
    context.lambda.addPermission({ ...properties, StatementId });
    return { id: StatementId, attributes: { Id: StatementId } };
  },
  delete: (StatementId, { FunctionName }, { lambda }) => void lambda.removePermission({ FunctionName, StatementId }),
});

interface InvokeConfigProperties {
  readonly FunctionName: string;
  readonly Qualifier: string;
  readonly MaximumRetryAttempts?: number;
  readonly MaximumEventAgeInSeconds?: number;
  readonly DestinationConfig?: In<'PutFunctionEventInvokeConfig'>['DestinationConfig'];
}

/** AWS::Lambda::EventInvokeConfig */
export const eventInvokeConfig = resource<InvokeConfigProperties>({
  create(properties, context) {
    context.lambda.putFunctionEventInvokeConfig(properties);
    return { id: context.physicalName({ max: 100 }) };
  },
  update(_, properties, __, { lambda }) {
    lambda.putFunctionEventInvokeConfig(properties);
    return undefined;
  },
  delete: (_, { FunctionName, Qualifier }, { lambda }) =>
    void lambda.deleteFunctionEventInvokeConfig({ FunctionName, Qualifier }),
});

interface VersionProperties {
  readonly FunctionName: string;
  readonly Description?: string;
  readonly CodeSha256?: string;
}

/** AWS::Lambda::Version */
export const version = resource<VersionProperties>({
  create({ FunctionName, Description, CodeSha256 }, { lambda }) {
    const { FunctionArn = '', Version } = lambda.publishVersion({ FunctionName, Description, CodeSha256 });
    return { id: FunctionArn, attributes: { FunctionArn, Version } };
  },
  delete: (arn, _, { lambda }) => void lambda.deleteFunction({ FunctionName: arn }),
});

interface AliasProperties {
  readonly FunctionName: string;
  readonly FunctionVersion: string;
  readonly Name: string;
  readonly Description?: string;
  readonly RoutingConfig?: {
    readonly AdditionalVersionWeights?: readonly {
      readonly FunctionVersion: string;
      readonly FunctionWeight: number;
    }[];
  };
}

/** CloudFormation lists the weights, the operation maps them. */
function aliasInput({ RoutingConfig, ...properties }: AliasProperties): In<'CreateAlias'> {
  const weights = (RoutingConfig?.AdditionalVersionWeights ?? []).map((one) => [
    one.FunctionVersion,
    one.FunctionWeight,
  ]);
  const input = toSdkInput('lambda', 'CreateAlias', properties) as In<'CreateAlias'>;
  return { ...input, RoutingConfig: { AdditionalVersionWeights: Object.fromEntries(weights) } };
}

/** AWS::Lambda::Alias */
export const alias = resource<AliasProperties>({
  create(properties, { lambda }) {
    const { AliasArn = '' } = lambda.createAlias(aliasInput(properties));
    return { id: AliasArn, attributes: { AliasArn } };
  },
  update(_, properties, __, { lambda }) {
    lambda.updateAlias(aliasInput(properties));
    return undefined;
  },
  delete: (_, { FunctionName, Name }, { lambda }) => void lambda.deleteAlias({ FunctionName, Name }),
});
