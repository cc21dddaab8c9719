import {
  type CloudFormationClient,
  ListStackResourcesCommand,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import {
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { clientOptions, type Session } from '../session.ts';

/**
 * Lets the target groups of a stack that is about to be deleted go without their deregistration delay: nobody is left to be drained for,
 * and ECS would wait it out, five minutes unless told otherwise, before it stops the tasks.
 */
export async function hurryTargets(session: Session, client: CloudFormationClient, stackName: string): Promise<void> {
  const elbv2 = new ElasticLoadBalancingV2Client(clientOptions(session));
  for (const TargetGroupArn of await targetGroupsOf(client, stackName))
    await elbv2.send(
      new ModifyTargetGroupAttributesCommand({
        TargetGroupArn,
        Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '0' }],
      }),
    );
}

async function targetGroupsOf(client: CloudFormationClient, StackName: string): Promise<string[]> {
  const found: string[] = [];
  for (const { ResourceType, PhysicalResourceId, ResourceStatus } of await resourcesOf(client, StackName)) {
    if (!PhysicalResourceId || ResourceStatus === 'DELETE_COMPLETE') continue;
    if (ResourceType === 'AWS::ElasticLoadBalancingV2::TargetGroup') found.push(PhysicalResourceId);
    if (ResourceType === 'AWS::CloudFormation::Stack')
      found.push(...(await targetGroupsOf(client, PhysicalResourceId)));
  }
  return found;
}

async function resourcesOf(client: CloudFormationClient, StackName: string): Promise<StackResourceSummary[]> {
  const resources: StackResourceSummary[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListStackResourcesCommand({ StackName, NextToken }));
    resources.push(...(page.StackResourceSummaries ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return resources;
}
