import { isAwsError, type Parameters } from '../aws.ts';
import { type ScaledService, scaleInState } from '../scaled-service.ts';
import { read, type ScaleIn } from './state.ts';

/** The scale-in that goes on, as its parameter holds it. */
export async function readScaleIn(
  aws: Pick<Parameters, 'getParameter'>,
  service: ScaledService,
): Promise<ScaleIn | undefined> {
  try {
    const { Parameter } = await aws.getParameter({ Name: scaleInState(service) });
    return Parameter?.Value === undefined ? undefined : read(Parameter.Value);
  } catch (error) {
    if (isAwsError(error, 'ParameterNotFound')) return undefined;
    throw error;
  }
}

/** Whether it is about to lower the count, by what it saw of it. */
export const isLowering = (scaleIn: ScaleIn | undefined): boolean =>
  scaleIn?.phase === 'pin' || scaleIn?.phase === 'lower';
