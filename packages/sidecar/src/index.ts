export { planMetricData } from './plan-metric-data.ts';
export { readSettings, type SidecarSettings } from './settings.ts';
export { runSidecar, type SidecarWorld } from './sidecar.ts';
