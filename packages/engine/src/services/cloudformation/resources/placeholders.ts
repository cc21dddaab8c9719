import { resource } from '../../../cloudformation/resource-handler.ts';

/** AWS::CDK::Metadata: tells AWS which constructs a template came from, and nothing else. */
export const cdkMetadata = resource({
  create: (_properties, context) => ({ id: context.physicalName() }),
  update: () => undefined,
  delete: () => undefined,
});
