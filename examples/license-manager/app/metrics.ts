import type { FeatureUsage } from './leases.ts';

type Usage = ReadonlyMap<string, FeatureUsage>;

/** The gauges of this container, named as they are published. */
export function metricValues(usage: Usage): Readonly<Record<string, number>> {
  const inUse = sum(usage, (feature) => feature.inUse);
  return {
    LicensesInUse: inUse,
    LicensesTotal: sum(usage, (feature) => feature.total),
    LicensesFree: sum(usage, (feature) => Math.max(0, feature.total - feature.inUse)),
  };
}

/** The same per feature, in the Prometheus text format 0.0.4. */
export function metricText(usage: Usage): string {
  const gauge = (name: string, help: string, value: (feature: FeatureUsage) => number) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...[...usage].map(([feature, counts]) => `${name}{feature="${escapeLabel(feature)}"} ${value(counts)}`),
  ];
  return `${[
    ...gauge('licenses_in_use', 'Licences held by clients.', (feature) => feature.inUse),
    ...gauge('licenses_total', 'Licences this container may grant.', (feature) => feature.total),
  ].join('\n')}\n`;
}

/** A scraper names the text format; everything else, a browser's or curl's wildcard too, gets JSON. */
export function wantsText(accept: string): boolean {
  return /text\/plain|application\/openmetrics-text/.test(accept) && !accept.includes('application/json');
}

function sum(usage: Usage, value: (feature: FeatureUsage) => number): number {
  return [...usage.values()].reduce((total, feature) => total + value(feature), 0);
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
