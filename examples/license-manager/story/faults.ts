import { bystanderDies, bystanderStopped, figuresMissing, taskDies, victimStopped } from './container-faults.ts';
import type { Fault } from './fault.ts';
import {
  callsFail,
  commandRefused,
  eventComesFiveTimes,
  fiveCallsAtOnce,
  functionDies,
  protectionRefused,
} from './function-faults.ts';
import { deployment, killedInScaleIn, killedInScaleOut, loadRises, upperAlarm } from './platform-faults.ts';

/** Everything that a story can have go wrong, in no order that matters but for which seed gets which. */
export const allFaults: readonly Fault[] = [
  taskDies,
  bystanderDies,
  functionDies,
  callsFail,
  eventComesFiveTimes,
  fiveCallsAtOnce,
  killedInScaleIn,
  killedInScaleOut,
  figuresMissing,
  victimStopped,
  bystanderStopped,
  commandRefused,
  protectionRefused,
  upperAlarm,
  loadRises,
  deployment,
];
