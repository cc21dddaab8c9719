import { SSM } from '@aws-sdk/client-ssm';
import type { Parameters } from '../aws.ts';

export function parameterCalls(client = new SSM({})): Parameters {
  return {
    getParameter: (input) => client.getParameter(input),
    putParameter: (input) => client.putParameter(input),
    deleteParameter: (input) => client.deleteParameter(input),
  };
}
