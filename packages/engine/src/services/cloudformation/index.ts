import { defineService, type Service } from '../../kernel/service.ts';
import { stackController } from './controllers/stack.ts';
import { failChangeSet, failCreation, failUpdate } from './macros/failures.ts';
import { withMacros } from './macros/with-macros.ts';
import { createChangeSet, executeChangeSet } from './operations/change-sets.ts';
import { deleteChangeSet, describeChangeSet, listChangeSets } from './operations/describe-change-sets.ts';
import { listExports, listImports } from './operations/exports.ts';
import { describeEvents } from './operations/operation-events.ts';
import { signalResource } from './operations/signals.ts';
import { getStackPolicy, setStackPolicy } from './operations/stack-policies.ts';
import {
  describeStackEvents,
  describeStackResource,
  describeStackResources,
  listStackResources,
} from './operations/stack-resources.ts';
import {
  createStack,
  deleteStack,
  describeStacks,
  listStacks,
  updateStack,
  updateTerminationProtection,
} from './operations/stacks.ts';
import { getTemplate, getTemplateSummary, validateTemplate } from './operations/templates.ts';
import { cancelUpdateStack, continueUpdateRollback, rollbackStack } from './operations/way-back.ts';
import type { Ports } from './ports.ts';
import { macro } from './resources/macro.ts';
import { cdkMetadata } from './resources/placeholders.ts';
import { nestedStack } from './resources/stack.ts';
import { waitCondition, waitConditionHandle } from './resources/wait-condition.ts';
import { signedPutRoute } from './routes/signed-puts.ts';

/** AWS CloudFormation: stacks, change sets, and the operations that bring them about. */
export const cloudFormation = (ports: Ports): Service =>
  defineService('cloudFormation', {
    operations: {
      CancelUpdateStack: cancelUpdateStack,
      ContinueUpdateRollback: continueUpdateRollback,
      CreateChangeSet: withMacros(ports, { handler: createChangeSet(ports), fail: failChangeSet, needsConsent: false }),
      CreateStack: withMacros(ports, { handler: createStack(ports), fail: failCreation, needsConsent: true }),
      DeleteChangeSet: deleteChangeSet,
      DescribeChangeSet: describeChangeSet,
      DescribeEvents: describeEvents,
      ExecuteChangeSet: executeChangeSet(ports),
      GetTemplate: getTemplate,
      GetTemplateSummary: getTemplateSummary(ports),
      ListChangeSets: listChangeSets,
      ListExports: listExports,
      ListImports: listImports,
      ValidateTemplate: validateTemplate(ports),
      DeleteStack: deleteStack,
      DescribeStackEvents: describeStackEvents,
      DescribeStackResource: describeStackResource,
      DescribeStackResources: describeStackResources,
      DescribeStacks: describeStacks,
      ListStackResources: listStackResources,
      ListStacks: listStacks,
      RollbackStack: rollbackStack,
      SetStackPolicy: setStackPolicy(ports),
      GetStackPolicy: getStackPolicy,
      SignalResource: signalResource,
      UpdateStack: withMacros(ports, { handler: updateStack(ports), fail: failUpdate, needsConsent: true }),
      UpdateTerminationProtection: updateTerminationProtection,
    },
    controllers: [stackController(ports)],
    routes: [signedPutRoute],
    resources: {
      'AWS::CDK::Metadata': cdkMetadata,
      'AWS::CloudFormation::Macro': macro,
      'AWS::CloudFormation::Stack': nestedStack(ports),
      'AWS::CloudFormation::WaitCondition': waitCondition,
      'AWS::CloudFormation::WaitConditionHandle': waitConditionHandle(ports),
    },
  });
