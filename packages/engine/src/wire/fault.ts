import type { AwsError } from '../kernel/aws-error.ts';
import type { SdkSchemas } from './sdk-schemas.ts';
import type { StructureShape } from './shapes.ts';

/** An error on its way out, with what the service's model says about it. */
export interface Fault {
  /** The name of the error's shape: what JSON protocols call it. */
  readonly code: string;
  /** What query and XML protocols call it. */
  readonly queryCode: string;
  readonly status: number;
  /** The query protocols have statuses of their own: what JSON answers with 400 may be a 404 there. */
  readonly queryStatus: number;
  readonly message: string;
  readonly members: Readonly<Record<string, unknown>>;
  readonly shape: StructureShape | undefined;
}

/** Errors that the SDK models without a status of their own, where the service answers one that is not 400. */
const unmodelledStatus: Readonly<Record<string, number>> = { NotFound: 404 };

export function faultOf({ code, message, status, members }: AwsError, schemas: SdkSchemas): Fault {
  const shape = findShape(code, schemas);
  if (!shape) return { code, queryCode: code, status, queryStatus: status, message, members, shape };
  const { awsQueryError, httpError, error } = shape.traits;
  const modelled = httpError ?? (error === 'server' ? 500 : undefined) ?? unmodelledStatus[shape.name] ?? status;
  return {
    code: shape.name,
    queryCode: awsQueryError?.[0] ?? shape.name,
    status: modelled,
    queryStatus: awsQueryError?.[1] ?? modelled,
    message,
    members,
    shape,
  };
}

/** By the shape's name or, since that is how services write of them, by the query code. */
function findShape(code: string, { errors }: SdkSchemas): StructureShape | undefined {
  const named = errors.get(code);
  if (named) return named;
  for (const shape of errors.values()) if (shape.traits.awsQueryError?.[0] === code) return shape;
  return undefined;
}

export const isSender = ({ status }: Fault): boolean => status < 500;

/** The error's members as its shape has them, with the message under the name that the shape gives it. */
export function faultMembers({ shape, message, members }: Fault): Record<string, unknown> {
  const messageName = shape?.members.find(({ name }) => name.toLowerCase() === 'message')?.name ?? 'message';
  return { [messageName]: message, ...members };
}
