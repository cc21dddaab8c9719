import { page } from '../../../kernel/page.ts';
import { invalidNextToken, invalidParameter, limitExceeded, policyNotFound } from '../errors.ts';
import { type Handler, resourcePolicies } from '../model.ts';

/** Ten for each region (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html). */
const policies_max = 10;

/** The policies of an account: which services may write into its groups. */
export const putResourcePolicy: Handler<'PutResourcePolicy'> = (input, context) => {
  const { policyName = '', policyDocument = '' } = input;
  if (input.resourceArn) throw invalidParameter('A policy of a single log group is not taken here.');
  if (!policyName) throw invalidParameter('Policy name is required.');
  if (!isObject(policyDocument)) throw invalidParameter('The resource policy is not valid JSON.');
  const rows = context.store.table(resourcePolicies);
  if (!rows.get(policyName) && rows.list().length >= policies_max) throw limitExceeded('Resource limit exceeded.');
  const resourcePolicy = rows.put(policyName, { policyName, policyDocument, lastUpdatedTime: context.now });
  return { resourcePolicy };
};

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

export const describeResourcePolicies: Handler<'DescribeResourcePolicies'> = ({ nextToken, limit }, context) => {
  const all = context.store.table(resourcePolicies).list();
  const { items, nextToken: next } = page(all, { token: nextToken, size: limit ?? 50, invalid: invalidNextToken });
  return { resourcePolicies: items, ...(next ? { nextToken: next } : {}) };
};

export const deleteResourcePolicy: Handler<'DeleteResourcePolicy'> = ({ policyName = '' }, context) => {
  const rows = context.store.table(resourcePolicies);
  if (!rows.get(policyName)) throw policyNotFound(policyName);
  rows.delete(policyName);
  return {};
};
