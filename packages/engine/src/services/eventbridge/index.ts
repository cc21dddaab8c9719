import { defineService, type Service } from '../../kernel/service.ts';
import { deliveryController } from './controllers/delivery.ts';
import { scheduleController } from './controllers/schedule.ts';
import {
  createEventBus,
  deleteEventBus,
  describeEventBus,
  listEventBuses,
  putPermission,
  removePermission,
  updateEventBus,
} from './operations/event-buses.ts';
import { putEvents } from './operations/put-events.ts';
import {
  deleteRule,
  describeRule,
  disableRule,
  enableRule,
  listRules,
  putRule,
  testEventPattern,
} from './operations/rules.ts';
import { listTagsForResource, tagResource, untagResource } from './operations/tags.ts';
import { listRuleNamesByTarget, listTargetsByRule, putTargets, removeTargets } from './operations/targets.ts';
import { eventBus, eventBusPolicy } from './resources/event-bus.ts';
import { rule } from './resources/rule.ts';

/** Amazon EventBridge: buses, rules, schedules, targets. */
export const eventBridge = (): Service =>
  defineService('eventBridge', {
    operations: {
      PutEvents: putEvents,
      TestEventPattern: testEventPattern,
      PutRule: putRule,
      DescribeRule: describeRule,
      ListRules: listRules,
      DeleteRule: deleteRule,
      EnableRule: enableRule,
      DisableRule: disableRule,
      PutTargets: putTargets,
      RemoveTargets: removeTargets,
      ListTargetsByRule: listTargetsByRule,
      ListRuleNamesByTarget: listRuleNamesByTarget,
      CreateEventBus: createEventBus,
      UpdateEventBus: updateEventBus,
      DeleteEventBus: deleteEventBus,
      DescribeEventBus: describeEventBus,
      ListEventBuses: listEventBuses,
      PutPermission: putPermission,
      RemovePermission: removePermission,
      TagResource: tagResource,
      UntagResource: untagResource,
      ListTagsForResource: listTagsForResource,
    },
    controllers: [scheduleController, deliveryController],
    resources: {
      'AWS::Events::Rule': rule,
      'AWS::Events::EventBus': eventBus,
      'AWS::Events::EventBusPolicy': eventBusPolicy,
    },
  });
