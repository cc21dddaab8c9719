import type { Handler } from '../model.ts';
import { findDefaultVpc } from './default-vpc.ts';

/** The limits are those of a new account. Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAccountAttributes.html */
export const describeAccountAttributes: Handler<'DescribeAccountAttributes'> = ({ AttributeNames = [] }, context) => {
  const values: Readonly<Record<string, string>> = {
    'supported-platforms': 'VPC',
    'default-vpc': findDefaultVpc(context)?.VpcId ?? 'none',
    'max-instances': '20',
    'vpc-max-security-groups-per-interface': '5',
    'max-elastic-ips': '5',
    'vpc-max-elastic-ips': '5',
  };
  const wanted = Object.entries(values).filter(
    ([name]) => AttributeNames.length === 0 || AttributeNames.some((one) => one === name),
  );
  return {
    AccountAttributes: wanted.map(([AttributeName, AttributeValue]) => ({
      AttributeName,
      AttributeValues: [{ AttributeValue }],
    })),
  };
};
