import { type CfnStack, NestedStack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { describe } from './describe.ts';

export interface ConcernSettings {
  /** The logical id in the platform's template, which is what people see while it is deployed. */
  readonly logicalId: string;
  readonly description: string;
  /** What it is given under a name of its own. All else that it uses of others becomes a parameter by itself. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** One concern of a platform as a nested stack. What it gives to the next is its properties, which become outputs. */
export abstract class Concern extends NestedStack {
  constructor(scope: Construct, id: string, { logicalId, description, parameters = {} }: ConcernSettings) {
    super(scope, id, { description, parameters });
    const resource = this.nestedStackResource as CfnStack;
    resource.overrideLogicalId(logicalId);
    describe(resource, description);
  }
}
