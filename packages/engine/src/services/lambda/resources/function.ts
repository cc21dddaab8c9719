import { toSdkInput } from '../../../cloudformation/casing.ts';
import { type Properties, resource } from '../../../cloudformation/resource-handler.ts';
import type { Settings } from '../configuration.ts';
import { requireFunction } from '../function-name.ts';
import type { In } from '../model.ts';
import { changeFunction } from '../operations/functions.ts';
import type { LambdaPorts } from '../ports.ts';
import { zipInlineCode } from './inline-code.ts';

interface FunctionProperties extends Properties {
  readonly FunctionName?: string;
  readonly Runtime?: string;
  readonly Code: {
    /** Source text, unlike the SDK's. */
    readonly ZipFile?: string;
    readonly S3Bucket?: string;
    readonly S3Key?: string;
    readonly S3ObjectVersion?: string;
    readonly ImageUri?: string;
  };
  readonly ReservedConcurrentExecutions?: number;
  readonly Tags?: unknown;
}

const tagMap = (tags: readonly { Key: string; Value: string }[]) =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));

const codeOf = ({ Code: { ZipFile, ...code }, Runtime = '' }: FunctionProperties): In<'CreateFunction'>['Code'] =>
  ZipFile === undefined ? code : { ZipFile: zipInlineCode(ZipFile, Runtime) };

const settingsOf = ({ Code: _, Tags: __, ...properties }: FunctionProperties): Settings =>
  toSdkInput('lambda', 'UpdateFunctionConfiguration', properties) as Settings;

/** What a property that is taken out of the template goes back to. */
const defaults: Settings = {
  Description: '',
  Timeout: 3,
  MemorySize: 128,
  Environment: { Variables: {} },
  VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
  TracingConfig: { Mode: 'PassThrough' },
  EphemeralStorage: { Size: 512 },
};

/** AWS::Lambda::Function */
export const lambdaFunction = (ports: LambdaPorts) =>
  resource<FunctionProperties>({
    create(properties, context) {
      const name = properties.FunctionName ?? context.physicalName({ max: 64 });
      const { lambda } = context;
      const { FunctionArn } = lambda.createFunction({
        ...(toSdkInput('lambda', 'CreateFunction', { ...properties, Code: undefined, Tags: undefined }) as Omit<
          In<'CreateFunction'>,
          'FunctionName' | 'Code'
        >),
        FunctionName: name,
        Code: codeOf(properties),
        Tags: tagMap(context.tags(properties.Tags)),
      });
      const { ReservedConcurrentExecutions } = properties;
      if (ReservedConcurrentExecutions !== undefined)
        lambda.putFunctionConcurrency({ FunctionName: name, ReservedConcurrentExecutions });
      return { id: name, attributes: { Arn: FunctionArn } };
    },

    // One change of both, where the operations would have it wait for the first to be in place.
    update(name, properties, previous, context) {
      const { lambda } = context;
      const row = requireFunction(context, name);
      const [settings, before] = [settingsOf(properties), settingsOf(previous)];
      const dropped = Object.fromEntries(
        Object.entries(defaults).filter(([key]) => key in before && !(key in settings)),
      );
      const isNewCode = JSON.stringify(properties.Code) !== JSON.stringify(previous.Code);
      if (isNewCode || JSON.stringify(settings) !== JSON.stringify(before))
        changeFunction(context, ports, row, {
          settings: { ...dropped, ...settings },
          ...(isNewCode ? { code: codeOf(properties) } : {}),
        });
      const { ReservedConcurrentExecutions } = properties;
      if (ReservedConcurrentExecutions !== undefined)
        lambda.putFunctionConcurrency({ FunctionName: name, ReservedConcurrentExecutions });
      else if (previous.ReservedConcurrentExecutions !== undefined)
        lambda.deleteFunctionConcurrency({ FunctionName: name });
      const tags = tagMap(context.tags(properties.Tags));
      const gone = Object.keys(tagMap(context.tags(previous.Tags))).filter((key) => !(key in tags));
      if (gone.length > 0) lambda.untagResource({ Resource: row.arn, TagKeys: gone });
      lambda.tagResource({ Resource: row.arn, Tags: tags });
      return undefined;
    },

    progress(name, _, { lambda }) {
      const { State, LastUpdateStatus } = lambda.getFunctionConfiguration({ FunctionName: name });
      if (State === 'Pending') return { waiting: 'the function is being created' };
      if (LastUpdateStatus === 'InProgress') return { waiting: 'the function is being updated' };
      return 'complete';
    },

    delete: (FunctionName, _, { lambda }) => void lambda.deleteFunction({ FunctionName }),
  });
