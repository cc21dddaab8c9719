import type { HealthCheckConfig } from '@aws-sdk/client-route-53';
import type { Context } from '../../../kernel/context.ts';
import { healthCheckExists, invalidInput, invalidMarker, noSuchHealthCheck, oldHealthCheckVersion } from '../errors.ts';
import { type Handler, type HealthCheck, healthChecks, tags } from '../model.ts';
import { compareTexts } from '../names.ts';

const page_max = 100;

export function requireHealthCheck({ store }: Context, id: string | undefined): HealthCheck {
  const found = store.table(healthChecks).get(id ?? '');
  if (!found) throw noSuchHealthCheck(id ?? '');
  return found;
}

/** What is left open, as Route 53 fills it in (API reference of HealthCheckConfig). */
function filledIn(config: HealthCheckConfig): HealthCheckConfig {
  const probes = !['CALCULATED', 'CLOUDWATCH_METRIC', 'RECOVERY_CONTROL'].includes(config.Type ?? '');
  if (probes && !config.IPAddress && !config.FullyQualifiedDomainName)
    throw invalidInput('Invalid parameter : Either IPAddress or FullyQualifiedDomainName must be specified.');
  const isTls = config.Type?.startsWith('HTTPS') ?? false;
  const port = isTls ? 443 : config.Type === 'TCP' ? undefined : 80;
  return {
    Inverted: false,
    Disabled: false,
    ...(probes ? { RequestInterval: 30, FailureThreshold: 3, MeasureLatency: false, EnableSNI: isTls } : {}),
    ...(probes && port !== undefined ? { Port: port } : {}),
    ...config,
  };
}

export const createHealthCheck: Handler<'CreateHealthCheck'> = ({ CallerReference, HealthCheckConfig }, context) => {
  const rows = context.store.table(healthChecks);
  const config = filledIn(HealthCheckConfig);
  const known = rows.list((check) => check.CallerReference === CallerReference)[0];
  if (known && JSON.stringify(known.HealthCheckConfig) !== JSON.stringify(config)) throw healthCheckExists();
  const Id = known?.Id ?? context.ids.uuid('route53/health-check');
  const HealthCheck = known ?? rows.put(Id, { Id, CallerReference, HealthCheckConfig: config, HealthCheckVersion: 1 });
  return { HealthCheck, Location: `https://route53.amazonaws.com/2013-04-01/healthcheck/${Id}` };
};

export const getHealthCheck: Handler<'GetHealthCheck'> = ({ HealthCheckId }, context) => ({
  HealthCheck: requireHealthCheck(context, HealthCheckId),
});

export const getHealthCheckCount: Handler<'GetHealthCheckCount'> = (_, { store }) => ({
  HealthCheckCount: store.table(healthChecks).list().length,
});

export const updateHealthCheck: Handler<'UpdateHealthCheck'> = (input, context) => {
  const { HealthCheckId, HealthCheckVersion, ResetElements = [], ...changes } = input;
  const known = requireHealthCheck(context, HealthCheckId);
  if (HealthCheckVersion !== undefined && HealthCheckVersion !== known.HealthCheckVersion)
    throw oldHealthCheckVersion();
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const kept = Object.entries(known.HealthCheckConfig).filter(([name]) => !ResetElements.some((each) => each === name));
  const HealthCheckConfig = { ...Object.fromEntries(kept), ...Object.fromEntries(given) } as HealthCheckConfig;
  const HealthCheck = context.store
    .table(healthChecks)
    .put(known.Id, { ...known, HealthCheckConfig, HealthCheckVersion: known.HealthCheckVersion + 1 });
  return { HealthCheck };
};

export const deleteHealthCheck: Handler<'DeleteHealthCheck'> = ({ HealthCheckId }, context) => {
  requireHealthCheck(context, HealthCheckId);
  context.store.table(tags).delete(`healthcheck/${HealthCheckId}`);
  context.store.table(healthChecks).delete(HealthCheckId);
  return {};
};

export const listHealthChecks: Handler<'ListHealthChecks'> = ({ Marker = '', MaxItems = page_max }, { store }) => {
  if (Marker && !/^[0-9a-f-]{36}$/.test(Marker)) throw invalidMarker(Marker);
  const rest = store
    .table(healthChecks)
    .list(({ Id }) => Id >= Marker)
    .sort((a, b) => compareTexts(a.Id, b.Id));
  const next = rest[MaxItems];
  return {
    HealthChecks: rest.slice(0, MaxItems),
    Marker,
    IsTruncated: next !== undefined,
    ...(next ? { NextMarker: next.Id } : {}),
    MaxItems,
  };
};
