import type { Context } from '../../../kernel/context.ts';
import { stackDoesNotExist, validationError } from '../errors.ts';
import { type Handler, type In, stackPolicies } from '../model.ts';
import type { Ports } from '../ports.ts';
import { requireStack } from '../show-stack.ts';
import { keepStackPolicy, stackPolicyOf } from '../stack-policies/stack-policy.ts';

export const setStackPolicy = (ports: Ports) => (input: In<'SetStackPolicy'>, context: Context) => {
  const { StackId } = requireStack(context, input.StackName, stackDoesNotExist);
  const document = stackPolicyOf(context, ports, { body: input.StackPolicyBody, url: input.StackPolicyURL });
  if (document === undefined) throw validationError('Either StackPolicyURL or StackPolicyBody must be specified');
  keepStackPolicy(context, StackId, document);
  return {};
};

export const getStackPolicy: Handler<'GetStackPolicy'> = ({ StackName }, context) => {
  const { StackId } = requireStack(context, StackName, stackDoesNotExist);
  const known = context.store.table(stackPolicies).get(StackId);
  return known ? { StackPolicyBody: known.document } : {};
};
