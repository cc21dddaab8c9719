import { validation } from './errors.ts';
import type { Attributes } from './model.ts';

/** What a new application load balancer has (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#load-balancer-attributes). */
export const loadBalancerDefaults: Attributes = {
  'access_logs.s3.enabled': 'false',
  'access_logs.s3.bucket': '',
  'access_logs.s3.prefix': '',
  'connection_logs.s3.enabled': 'false',
  'connection_logs.s3.bucket': '',
  'connection_logs.s3.prefix': '',
  'health_check_logs.s3.enabled': 'false',
  'health_check_logs.s3.bucket': '',
  'health_check_logs.s3.prefix': '',
  'client_keep_alive.seconds': '3600',
  'deletion_protection.enabled': 'false',
  'idle_timeout.timeout_seconds': '60',
  'ipv6.deny_all_igw_traffic': 'false',
  'load_balancing.cross_zone.enabled': 'true',
  'routing.http.desync_mitigation_mode': 'defensive',
  'routing.http.drop_invalid_header_fields.enabled': 'false',
  'routing.http.preserve_host_header.enabled': 'false',
  'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': 'false',
  'routing.http.xff_client_port.enabled': 'false',
  'routing.http.xff_header_processing.mode': 'append',
  'routing.http2.enabled': 'true',
  'waf.fail_open.enabled': 'false',
  'zonal_shift.config.enabled': 'false',
};

/** What a new target group has (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-attributes). */
export const targetGroupDefaults: Attributes = {
  'deregistration_delay.timeout_seconds': '300',
  'load_balancing.algorithm.type': 'round_robin',
  'load_balancing.algorithm.anomaly_mitigation': 'off',
  'load_balancing.cross_zone.enabled': 'use_load_balancer_configuration',
  'slow_start.duration_seconds': '0',
  'stickiness.enabled': 'false',
  'stickiness.type': 'lb_cookie',
  'stickiness.lb_cookie.duration_seconds': '86400',
  'stickiness.app_cookie.cookie_name': '',
  'stickiness.app_cookie.duration_seconds': '86400',
  'target_group_health.dns_failover.minimum_healthy_targets.count': '1',
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': 'off',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '1',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': 'off',
};

export const listenerDefaults: Attributes = { 'routing.http.response.server.enabled': 'true' };

const numbers: Readonly<Record<string, readonly [number, number]>> = {
  'idle_timeout.timeout_seconds': [1, 4000],
  'client_keep_alive.seconds': [60, 604_800],
  'deregistration_delay.timeout_seconds': [0, 3600],
  'stickiness.lb_cookie.duration_seconds': [1, 604_800],
  'stickiness.app_cookie.duration_seconds': [1, 604_800],
};

const choices: Readonly<Record<string, readonly string[]>> = {
  'load_balancing.algorithm.type': ['round_robin', 'least_outstanding_requests', 'weighted_random'],
  'stickiness.type': ['lb_cookie', 'app_cookie'],
  'routing.http.xff_header_processing.mode': ['append', 'preserve', 'remove'],
  'routing.http.desync_mitigation_mode': ['monitor', 'defensive', 'strictest'],
};

/** Changes known attributes only, each within its limits. */
export function changeAttributes(
  own: Attributes,
  changes: readonly { Key?: string | undefined; Value?: string | undefined }[],
): Attributes {
  const changed: Record<string, string> = { ...own };
  for (const { Key = '', Value = '' } of changes) {
    if (!(Key in own) && !Key.startsWith('routing.http.')) throw validation(`Attribute key '${Key}' is not recognized`);
    const [low, high] = numbers[Key] ?? [];
    if (low !== undefined && high !== undefined && !(Number(Value) >= low && Number(Value) <= high))
      throw validation(`'${Value}' must be between ${low} and ${high} for the attribute '${Key}'`);
    if (Key === 'slow_start.duration_seconds' && Value !== '0' && !(Number(Value) >= 30 && Number(Value) <= 900))
      throw validation(`Slow start duration must be 0, or between 30 and 900 seconds`);
    if (own[Key]?.match(/^(true|false)$/) && !/^(true|false)$/.test(Value))
      throw validation(`'${Value}' must be one of [true, false] for the attribute '${Key}'`);
    if (choices[Key] && !choices[Key].includes(Value))
      throw validation(`'${Value}' must be one of [${choices[Key].join(', ')}] for the attribute '${Key}'`);
    changed[Key] = Value;
  }
  return changed;
}

export const listAttributes = (attributes: Attributes) =>
  Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }));
