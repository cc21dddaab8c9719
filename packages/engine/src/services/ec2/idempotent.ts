import { AwsError } from '../../kernel/aws-error.ts';
import { clientTokens } from '../../kernel/client-tokens.ts';
import type { Context } from '../../kernel/context.ts';

const tokens = clientTokens('ec2/client-tokens');

const mismatch = () =>
  new AwsError(
    'IdempotentParameterMismatch',
    'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
  );

/** Makes an operation heed its ClientToken: what has been created for it is answered again. */
export const idempotent =
  <Input extends { readonly ClientToken?: string | undefined }, Answer extends object>(
    operation: string,
    handler: (input: Input, context: Context) => Answer,
  ) =>
  (input: Input, context: Context): Answer =>
    tokens.once(
      {
        ...{ operation, token: input.ClientToken, mismatch },
        input: { ...input, ClientToken: undefined },
        make: () => handler(input, context),
      },
      context,
    );
