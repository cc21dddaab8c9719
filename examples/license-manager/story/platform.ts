import type { Lab } from '../../../packages/engine/src/testing/lab.ts';
import { pushImage } from '../../../packages/engine/src/testing/push-image.ts';
import type { Synthesised } from './assembly.ts';
import type { StoryTime } from './story-time.ts';

const endpoint = () => 'http://127.0.0.1:4566';

/** What `rockpool up` does before it deploys, as far as the templates need it. */
function publish(lab: Lab, { images }: Synthesised): void {
  lab.ssm.putParameter({ Name: '/cdk-bootstrap/hnb659fds/version', Type: 'String', Value: '30' });
  for (const repository of new Set(images.map((image) => image.repository))) {
    const tags = images.filter((image) => image.repository === repository).map(({ tag }) => tag);
    pushImage(lab, repository, tags, { Cmd: ['serve'] });
  }
}

const named = ({ stackName: StackName }: Synthesised) => ({ StackName, ChangeSetName: 'story' });

/** The example's own templates as a change set of nested stacks, which is how its tools deploy it. */
export function prepare(lab: Lab, synthesised: Synthesised): void {
  publish(lab, synthesised);
  lab.cloudFormation.createChangeSet({
    ...named(synthesised),
    ChangeSetType: 'CREATE',
    IncludeNestedStacks: true,
    TemplateURL: synthesised.templateUrl.replace('s3://', `${endpoint()}/`),
    Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
  });
  const read = lab.cloudFormation.describeChangeSet(named(synthesised));
  if (read.Status !== 'CREATE_COMPLETE') throw new Error(`the change set is ${read.Status}: ${read.StatusReason}`);
}

export const execute = (lab: Lab, synthesised: Synthesised): void =>
  void lab.cloudFormation.executeChangeSet(named(synthesised));

export const stackStatus = (lab: Lab, { stackName: StackName }: Synthesised): string | undefined =>
  lab.cloudFormation.describeStacks({ StackName }).Stacks?.[0]?.StackStatus;

export async function deploy(lab: Lab, synthesised: Synthesised, time: StoryTime): Promise<void> {
  prepare(lab, synthesised);
  execute(lab, synthesised);
  await time.until(() => !stackStatus(lab, synthesised)?.endsWith('_IN_PROGRESS'), 600_000);
  const status = stackStatus(lab, synthesised);
  if (status !== 'CREATE_COMPLETE') throw new Error(`the stack is ${status}`);
}
