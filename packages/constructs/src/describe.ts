import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The metadata key under which a resource carries its human sentence. */
export const DESCRIPTION_METADATA = 'rockpool:description';

/** Gives a resource one sentence for people: what it is for, shown wherever the resource is listed. */
export function describe<T extends IConstruct>(construct: T, sentence: string): T {
  const resource = CfnResource.isCfnResource(construct) ? construct : construct.node.defaultChild;
  if (CfnResource.isCfnResource(resource)) resource.addMetadata(DESCRIPTION_METADATA, sentence);
  return construct;
}
