import type { Clock } from '../../kernel/clock.ts';
import { defineService, type Service } from '../../kernel/service.ts';
import { arrivalController, deduplicationController } from './controllers/arrival.ts';
import {
  changeMessageVisibility,
  changeMessageVisibilityBatch,
  deleteMessage,
  deleteMessageBatch,
  purgeQueue,
} from './operations/handling.ts';
import {
  createQueue,
  deleteQueue,
  getQueueAttributes,
  getQueueUrl,
  listDeadLetterSourceQueues,
  listQueues,
  listQueueTags,
  setQueueAttributes,
  tagQueue,
  untagQueue,
} from './operations/queues.ts';
import { receiveMessage } from './operations/receiving.ts';
import { sendMessage, sendMessageBatch } from './operations/sending.ts';
import type { Waiting } from './ports.ts';
import { queue, queuePolicy } from './resources/queue.ts';

export interface SqsOptions {
  /** What receivers wait by. */
  readonly clock: Clock;
  /** What the URLs of queues begin with. */
  endpoint(): string;
}

/** Simple Queue Service. */
export function sqs({ clock, endpoint }: SqsOptions): Service {
  const waiting: Waiting = { clock, receivers: new Map() };
  return defineService('sqs', {
    operations: {
      ChangeMessageVisibility: changeMessageVisibility,
      ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
      CreateQueue: createQueue(endpoint),
      DeleteMessage: deleteMessage,
      DeleteMessageBatch: deleteMessageBatch,
      DeleteQueue: deleteQueue,
      GetQueueAttributes: getQueueAttributes,
      GetQueueUrl: getQueueUrl(endpoint),
      ListDeadLetterSourceQueues: listDeadLetterSourceQueues(endpoint),
      ListQueueTags: listQueueTags,
      ListQueues: listQueues(endpoint),
      PurgeQueue: purgeQueue,
      ReceiveMessage: receiveMessage(waiting),
      SendMessage: sendMessage,
      SendMessageBatch: sendMessageBatch,
      SetQueueAttributes: setQueueAttributes,
      TagQueue: tagQueue,
      UntagQueue: untagQueue,
    },
    controllers: [arrivalController(waiting), deduplicationController],
    resources: { 'AWS::SQS::Queue': queue, 'AWS::SQS::QueuePolicy': queuePolicy },
    stop() {
      const all = [...waiting.receivers.values()];
      waiting.receivers.clear();
      for (const receivers of all) {
        const each = [...receivers];
        receivers.clear();
        for (const again of each) again();
      }
    },
  });
}
