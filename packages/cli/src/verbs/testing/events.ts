import type { EngineEvent } from '@rockpool/engine';

let sequence = 0;

/** An event after all that were made before. */
export function event(type: string, change: Partial<EngineEvent> = {}): EngineEvent {
  sequence += 1;
  return {
    sequence,
    time: Date.UTC(2026, 0, 5, 9) + sequence * 1000,
    account: '000000000000',
    region: 'us-east-1',
    type,
    subject: '',
    message: type,
    data: {},
    actor: { kind: 'root', arn: 'arn:aws:iam::000000000000:root' },
    ...change,
  };
}
