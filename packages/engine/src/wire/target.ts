import { AwsError } from '../kernel/aws-error.ts';
import type { ServiceName } from '../kernel/service-names.ts';
import { bucketOfHost } from './bucket-host.ts';
import { header, type WireRequest } from './message.ts';
import type { Labels, Protocol } from './protocol.ts';
import { awsQuery, ec2Query, formParameters } from './query-protocols.ts';
import { decodeUri } from './rest-bindings.ts';
import { restJson, restXml, wrappedRestXml } from './rest-protocols.ts';
import { type RestRouter, restRouter } from './rest-router.ts';
import { awsJson, jsonVersion, rpcCbor } from './rpc-protocols.ts';
import { sdkSchemas } from './sdk-schemas.ts';
import { serviceOfScope, serviceOfTarget, serviceOfVersion, servicePaths } from './service-addresses.ts';

/** What a request asks for, and in which protocol it wants its answer. */
export interface Target {
  readonly service: ServiceName;
  readonly protocol: Protocol;
  /** Undefined: the request names none that the service has; `named` is what it said. */
  readonly operation: string | undefined;
  readonly named: string;
  readonly labels: Labels;
}

/** Finds a request's service, operation and protocol. `scopeService` is the service in its credential scope. Undefined: no AWS request at all. */
export function parseTarget(request: WireRequest, scopeService: string | undefined): Target | undefined {
  return (
    jsonTarget(request) ??
    cborTarget(request) ??
    queryTarget(request, scopeService) ??
    restTarget(request, serviceOfScope(scopeService) ?? serviceOfPath(request))
  );
}

function rpc(service: ServiceName, protocol: Protocol, named: string): Target {
  const operation = sdkSchemas(service).operations.has(named) ? named : undefined;
  return { service, protocol, operation, named, labels: {} };
}

function jsonTarget(request: WireRequest): Target | undefined {
  const target = header(request, 'x-amz-target');
  if (target === undefined) return undefined;
  const dot = target.lastIndexOf('.');
  const service = serviceOfTarget(target.slice(0, dot));
  const protocol = awsJson[jsonVersion(request)];
  if (!service) throw new AwsError('NotImplemented', `no service answers to X-Amz-Target ${target}`, { status: 501 });
  return rpc(service, protocol, target.slice(dot + 1));
}

function cborTarget(request: WireRequest): Target | undefined {
  if (header(request, 'smithy-protocol') !== 'rpc-v2-cbor') return undefined;
  const [, name = '', operation = ''] = /^\/service\/([^/]+)\/operation\/([^/]+)$/.exec(request.path) ?? [];
  const service = serviceOfTarget(name);
  if (!service) throw new AwsError('NotImplemented', `no service answers to ${request.path}`, { status: 501 });
  return rpc(service, rpcCbor, operation);
}

function queryTarget(request: WireRequest, scopeService: string | undefined): Target | undefined {
  const isForm = header(request, 'content-type')?.includes('x-www-form-urlencoded') && request.method === 'POST';
  if (!isForm && !request.query.includes('Action=')) return undefined;
  const parameters = formParameters(request);
  const [action, version] = [parameters.get('Action'), parameters.get('Version') ?? ''];
  if (action === null) return undefined;
  const service = serviceOfVersion(version, scopeService);
  if (!service)
    throw new AwsError('NotImplemented', `no service has the API version ${version} (Action ${action})`, {
      status: 501,
    });
  return rpc(service, service === 'ec2' ? ec2Query : awsQuery, action);
}

const restProtocols: Readonly<Partial<Record<ServiceName, Protocol>>> = {
  lambda: restJson,
  route53: wrappedRestXml,
  s3: restXml,
};

const routers = new Map<ServiceName, RestRouter>();

function restTarget(request: WireRequest, service: ServiceName | undefined): Target | undefined {
  const protocol = service && restProtocols[service];
  if (!service || !protocol) return undefined;
  const router = routers.get(service) ?? restRouter(sdkSchemas(service));
  routers.set(service, router);
  const place = service === 's3' ? bucketAndPath(request) : { path: request.path };
  const found = router(request, place);
  return {
    service,
    protocol,
    operation: found?.operation.name,
    named: `${request.method} ${request.path}`,
    labels: found?.labels ?? {},
  };
}

/** Unsigned requests: only REST services get here, and their paths tell them apart. */
const serviceOfPath = ({ path }: WireRequest): ServiceName | undefined =>
  servicePaths.find(({ pattern }) => pattern.test(path))?.service;

function bucketAndPath(request: WireRequest): { path: string; bucket?: string } {
  const hosted = bucketOfHost(request);
  if (hosted) return { path: request.path, bucket: hosted };
  const [, bucket = '', path = ''] = /^\/([^/]*)(.*)$/s.exec(request.path) ?? [];
  return bucket === '' ? { path: '/' } : { path: path || '/', bucket: decodeUri(bucket) };
}
