import { Fn, Stack } from 'aws-cdk-lib';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { describe } from './describe.ts';

/** A value that reaches a container's environment without being in its task definition. */
export interface ServiceSecret {
  /** Gives the ARN of the SSM parameter that holds it. */
  bind(scope: Construct, place: { readonly variable: string; readonly path: string }): string;
}

export const ServiceSecret = {
  /** A parameter that is there already, by its name: `/license-manager/signing-key`. A SecureString is what it should be. */
  fromParameter(name: string): ServiceSecret {
    return {
      bind: (scope) => Stack.of(scope).formatArn({ service: 'ssm', resource: `parameter/${name.replace(/^\//, '')}` }),
    };
  },

  /**
   * A value made when the platform is deployed for the first time, the same for all containers. It is a random UUID
   * that whoever may look at the stack can find out, so it keeps deployments apart but is no secret from operators.
   */
  perDeployment(): ServiceSecret {
    return {
      bind(scope, { variable, path }) {
        const parameter = new CfnParameter(scope, `Secret${variable}`, {
          type: 'String',
          name: `${path}/${variable}`,
          // The last part of a stack's id is a UUID, which no template can make otherwise.
          value: Fn.select(2, Fn.split('/', Stack.of(scope).stackId)),
          description: `${variable}, made for this deployment`,
        });
        describe(parameter, `holds ${variable} for the containers`);
        return Stack.of(scope).formatArn({ service: 'ssm', resource: `parameter${parameter.ref}` });
      },
    };
  },
};
