import { request } from 'node:http';
import { connect } from 'node:net';
import type { Probe, ProbeError, ProxyReport } from './report.ts';

type ProbeResult = Extract<ProxyReport, { kind: 'probe' }>;

/** Makes one health check on a connection of its own, as ALB does, and tells what came of it. */
export async function sendProbe(probe: Probe): Promise<ProbeResult> {
  const started_ms = performance.now();
  // A path or an address that cannot be asked for at all fails the check, and nothing else.
  const outcome = await outcomeOf(probe).catch((): Outcome => ({ error: 'malformed' }));
  return { kind: 'probe', probeId: probe.probeId, ...outcome, latency_ms: performance.now() - started_ms };
}

type Outcome = Pick<ProbeResult, 'status' | 'error'>;

function outcomeOf(probe: Probe): Promise<Outcome> {
  if (probe.blocked === true)
    return new Promise((resolve) => setTimeout(() => resolve({ error: 'timeout' }), probe.timeout_ms));
  return probe.protocol === 'TCP' ? probeTcp(probe) : probeHttp(probe);
}

function probeTcp({ address, timeout_ms }: Probe): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connect({ host: address.host, port: address.port });
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => settle({ error: 'timeout' }), timeout_ms);
    socket.on('connect', () => settle({}));
    socket.on('error', (error) => settle({ error: probeError(error) }));
  });
}

/** A status counts as soon as the head of the answer is there. */
function probeHttp({ address, path = '/', hostHeader, timeout_ms }: Probe): Promise<Outcome> {
  return new Promise((resolve) => {
    const check = request({
      host: address.host,
      port: address.port,
      path,
      method: 'GET',
      agent: false,
      headers: {
        Host: hostHeader ?? `${address.host}:${address.port}`,
        Connection: 'close',
        'User-Agent': 'ELB-HealthChecker/2.0',
        'Accept-Encoding': 'gzip, compressed',
      },
    });
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer);
      check.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => settle({ error: 'timeout' }), timeout_ms);
    check.on('response', (response) => settle({ status: response.statusCode }));
    check.on('error', (error) => settle({ error: probeError(error) }));
    check.end();
  });
}

function probeError(error: Error): ProbeError {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'ETIMEDOUT') return 'timeout';
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'EADDRNOTAVAIL') return 'unreachable';
  return code.startsWith('HPE_') ? 'malformed' : 'closed';
}
