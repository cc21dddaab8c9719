import { expect, test } from 'vitest';
import { type ServiceName, serviceFacts } from '../kernel/service-names.ts';
import { operationSchema, sdkSchemas } from './sdk-schemas.ts';
import { serviceAddresses } from './service-addresses.ts';
import type { Shape, StructureShape } from './shapes.ts';

const services = Object.keys(serviceFacts) as ServiceName[];

function member(shape: Shape | undefined, name: string) {
  const found = (shape as StructureShape | undefined)?.byName.get(name);
  if (!found) throw new Error(`no member ${name}`);
  return found;
}

// These facts are AWS's and do not change. If they fail after an upgrade of the SDK, its schema layout has moved: mend sdk-schemas.ts.

test('kinds, required members and nesting are read from the layout', () => {
  const input = operationSchema('ecs', 'CreateService')?.input;
  expect(input?.members.filter(({ required }) => required).map(({ name }) => name)).toEqual(['serviceName']);
  const configuration = member(input, 'deploymentConfiguration').shape;
  expect(member(configuration, 'maximumPercent').shape).toEqual({ kind: 'number' });
  const definition = operationSchema('ecs', 'RegisterTaskDefinition')?.input;
  const containers = member(definition, 'containerDefinitions');
  expect([containers.required, containers.shape.kind]).toEqual([true, 'list']);
  const container = containers.shape.kind === 'list' ? containers.shape.item.shape : undefined;
  expect(member(container, 'dockerLabels').shape).toMatchObject({ kind: 'map', value: { shape: { kind: 'string' } } });
  expect(member(container, 'essential').shape).toEqual({ kind: 'boolean' });
});

test('traits are read from the layout', () => {
  const put = operationSchema('s3', 'PutObject');
  expect(put?.traits.http).toEqual(['PUT', '/{Key+}?x-id=PutObject', 200]);
  expect(member(put?.input, 'Key')).toMatchObject({ required: true, traits: { httpLabel: 1 } });
  expect(member(put?.input, 'Body')).toMatchObject({
    shape: { kind: 'blob', streaming: true },
    traits: { httpPayload: 1 },
  });
  expect(member(put?.input, 'CacheControl').traits.httpHeader).toBe('Cache-Control');
  expect(member(operationSchema('ec2', 'CreateVpc')?.input, 'TagSpecifications').traits.xmlName).toBe(
    'TagSpecification',
  );
  expect(member(operationSchema('s3', 'ListObjectsV2')?.output, 'Contents').traits.xmlFlattened).toBe(1);
});

test('errors have their statuses and codes', () => {
  const { errors } = sdkSchemas('iam');
  expect(errors.get('NoSuchEntityException')?.traits).toMatchObject({
    error: 'client',
    httpError: 404,
    awsQueryError: ['NoSuchEntity', 404],
  });
  expect(sdkSchemas('ecs').errors.get('ServerException')?.traits.error).toBe('server');
});

test.each(services)('%s: every shape of every operation can be read', (service) => {
  const seen = new Set<Shape>();
  const walk = (shape: Shape): void => {
    if (seen.has(shape)) return;
    seen.add(shape);
    if (shape.kind === 'structure') for (const { shape: inner } of shape.members) walk(inner);
    if (shape.kind === 'list') walk(shape.item.shape);
    if (shape.kind === 'map') for (const { shape: inner } of [shape.key, shape.value]) walk(inner);
  };
  const { operations, errors } = sdkSchemas(service);
  expect(operations.size).toBeGreaterThan(10);
  for (const { input, output } of operations.values()) for (const shape of [input, output]) walk(shape);
  for (const shape of errors.values()) walk(shape);
});

test.each(services)('%s: the address book says what the SDK says', (service) => {
  const { signingName, serviceTarget, version } = sdkSchemas(service).protocol;
  expect(serviceAddresses[service]).toEqual({ signingName, target: serviceTarget, version });
});
