import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Service, Task } from '@aws-sdk/client-ecs';
import { UserError } from '@rockpool/engine/user-error';
import { type Mail, until, World } from '../scripts/demo/world.ts';

/** A world whose engine may be away for a while: questions wait until it answers again. */
export class PatientWorld extends World {
  override service(): Promise<Service> {
    return patiently(() => super.service());
  }

  override tasks(desiredStatus: 'RUNNING' | 'STOPPED'): Promise<Task[]> {
    return patiently(() => super.tasks(desiredStatus));
  }

  override alarms(state: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA'): Promise<MetricAlarm[]> {
    return patiently(() => super.alarms(state));
  }

  override licensesInUse(taskIds: readonly string[]): Promise<Record<string, number>> {
    return patiently(() => super.licensesInUse(taskIds));
  }

  override mails(): Promise<Mail[]> {
    return patiently(() => super.mails());
  }
}

const away_max_ms = 60_000;

async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const { answer } = await until('the engine to answer again', away_max_ms, async () => {
    try {
      return { answer: await ask() };
    } catch (error) {
      if (isAway(error)) return undefined;
      throw error;
    }
  });
  return answer;
}

/** Nobody listens, or whoever listened died before the answer. */
function isAway(error: unknown): boolean {
  if (error instanceof UserError) return error.code === 'EngineNotRunning';
  const { code = '' } = error as NodeJS.ErrnoException;
  return ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(code);
}
