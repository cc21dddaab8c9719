import { resource } from '../../../cloudformation/resource-handler.ts';
import { defineService, type Service } from '../../../kernel/service.ts';
import { labScope } from '../../../testing/lab.ts';
import { startLambdaLab } from '../../lambda/testing/lambda-lab.ts';
import { takeAnswer } from '../custom-resources/take-answer.ts';
import { cloudFormation } from '../index.ts';
import { takeWaitSignal } from '../signals/take-wait-signal.ts';
import { placeOfUrl } from '../signed-address.ts';

/** What a provider is handed. */
export interface CustomEvent {
  readonly RequestType: string;
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly ResourceType: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Readonly<Record<string, unknown>>;
  readonly OldResourceProperties?: Readonly<Record<string, unknown>>;
}

/** What a provider answers beside what the request says; undefined: it keeps silent. */
export type Answer = Readonly<Record<string, unknown>> | string | undefined;

export const provider = 'arn:aws:lambda:us-east-1:000000000000:function:provider';
export const custom = (properties: object = {}, more: object = {}) => ({
  Type: 'Custom::Thing',
  Properties: { ServiceToken: provider, ...properties },
  ...more,
});

/** CloudFormation with a provider function that a test answers for. */
export function startCustomWorld(respond: (event: CustomEvent) => Answer) {
  const events: CustomEvent[] = [];
  const notices: { readonly subject?: string | undefined; readonly message: string }[] = [];
  const world = startLambdaLab(
    {
      provider: (event: CustomEvent) => {
        events.push(event);
        const answer = respond(event);
        if (answer !== undefined) put(event, answer);
      },
    },
    { services: () => stackServices(notices) },
  );
  function put(event: CustomEvent, answer: Exclude<Answer, undefined>): boolean {
    const { StackId, RequestId, LogicalResourceId, PhysicalResourceId = `made-by-${RequestId}` } = event;
    const body =
      typeof answer === 'string'
        ? answer
        : JSON.stringify({
            Status: 'SUCCESS',
            StackId,
            RequestId,
            LogicalResourceId,
            PhysicalResourceId,
            ...answer,
          });
    return putTo(event.ResponseURL, body);
  }
  function putTo(url: string, body: string): boolean {
    const place = placeOfUrl(url);
    const secret = new URL(url).searchParams.get('X-Amz-Signature') ?? '';
    if (!place) throw new Error(`nothing answers at ${url}`);
    const { kernel } = world.lab;
    const take = place.kind === 'waitcondition' ? takeWaitSignal : takeAnswer;
    return kernel.turn(() => take(kernel.in(labScope), place, secret, body));
  }
  world.create('provider');
  return {
    world,
    events,
    notices,
    put,
    putTo,
    /** Lets time pass and the provider do its work, in turns. */
    async settle(rounds = 6) {
      for (let round = 0; round < rounds; round += 1) {
        world.lab.advance('1s');
        await world.settle();
      }
    },
  };
}

function stackServices(notices: { subject?: string | undefined; message: string }[]): Service[] {
  const things = defineService('sns', {
    operations: {
      Publish: ({ Subject, Message = '' }) => {
        notices.push({ subject: Subject, message: Message });
        return {};
      },
    },
    resources: { 'AWS::SNS::Topic': topic },
  });
  const own: Service = cloudFormation({ resources: () => ({ ...things.resources, ...own.resources }) });
  return [things, own];
}

/** Any other resource; one called `stuck` never gets there. */
const topic = resource<{ readonly DisplayName?: string }>({
  create: (_properties, context) => ({ id: context.physicalName() }),
  update: () => undefined,
  delete: () => undefined,
  progress: ({ length }, { DisplayName }) =>
    length > 0 && DisplayName === 'stuck' ? { failed: 'it got stuck' } : 'complete',
});
