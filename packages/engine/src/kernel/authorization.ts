import type { AwsError } from './aws-error.ts';
import type { Context } from './context.ts';
import type { NewEvent } from './event-log.ts';
import type { ServiceName } from './service-names.ts';

/** Where a request comes from. */
export interface Client {
  readonly address?: string | undefined;
  readonly userAgent?: string | undefined;
}

/** What somebody asks of a service. */
export interface Request {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: object;
  readonly client?: Client | undefined;
}

/** Why a request is refused: what its caller is told, and what is kept for whoever asks why. */
export interface Denial {
  readonly error: AwsError;
  readonly event: NewEvent;
}

/** Judges a request of a user or a role; undefined: it may go on. Only reads. */
export type Authorize = (request: Request, context: Context) => Denial | undefined;
