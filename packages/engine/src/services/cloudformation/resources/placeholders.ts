import { resource } from '../../../cloudformation/resource-handler.ts';

/** AWS::CDK::Metadata: tells AWS which constructs a template came from, and nothing else. */
export const cdkMetadata = resource({
  create: (_properties, context) => ({ id: context.physicalName() }),
  update: () => undefined,
  delete: () => undefined,
});

/** AWS::CloudFormation::WaitConditionHandle: an address to signal to. Also what an otherwise empty template holds. */
export const waitConditionHandle = resource({
  create(_properties, context) {
    const { region } = context.scope;
    const path = encodeURIComponent(`${context.stackId}/${context.logicalId}`);
    return { id: `https://cloudformation-waitcondition-${region}.s3.${region}.amazonaws.com/${path}` };
  },
  delete: () => undefined,
});
