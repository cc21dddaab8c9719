import { expect, test } from 'vitest';
import type { ContainerSpec, PortBinding } from '../runtime.ts';
import { type EnvironmentFacts, planEnvironment } from './plan-environment.ts';

const binding = (containerPort: number, hostPort: number): PortBinding => ({
  containerPort,
  protocol: 'tcp',
  host: '127.0.0.1',
  hostPort,
});

function facts(changes: {
  image?: readonly string[];
  environment?: Record<string, string>;
  bindings?: readonly PortBinding[];
  taskPorts?: Record<number, number>;
  imageHasNode?: boolean;
  endpoint?: string;
}): EnvironmentFacts {
  const spec = {
    image: { config: { Env: changes.image ?? [] } },
    environment: changes.environment ?? {},
    taskPorts: changes.taskPorts ?? {},
  } as unknown as ContainerSpec;
  return {
    spec,
    bindings: changes.bindings ?? [],
    root: '/r',
    mark: { name: 'MARK', value: 'm' },
    host: { path: '/usr/bin:/app/node_modules/.bin:bin', nodeFolder: '/n', lang: 'C.UTF-8' },
    speed: 20,
    imageHasNode: changes.imageHasNode ?? false,
    endpoint: changes.endpoint,
    fileOfImage: (path) => (path === '/app/licences.json' ? '/r/app/licences.json' : undefined),
  };
}
const environmentOf = (changes: Parameters<typeof facts>[0]) => planEnvironment(facts(changes)).environment;

test('a container sees nothing of the engine but this', () => {
  expect(environmentOf({})).toEqual({
    LANG: 'C.UTF-8',
    HOST: '127.0.0.1',
    ROCKPOOL_SPEED: '20',
    HOME: '/r/root',
    TMPDIR: '/r/tmp',
    PATH: '/n:/r/usr/local/sbin:/r/usr/local/bin:/r/usr/sbin:/r/usr/bin:/r/sbin:/r/bin:/usr/bin',
    MARK: 'm',
  });
});

test('the definition has its way over the image, and both over what the runtime would set', () => {
  const environment = environmentOf({
    image: ['A=image', 'B=image', 'EMPTY=', 'EQUALS=a=b', 'HOST=::'],
    environment: { B: 'definition', AWS_ENDPOINT_URL: 'http://own', LANG: 'de' },
    endpoint: 'http://engine',
  });
  expect(environment).toMatchObject({ A: 'image', B: 'definition', EMPTY: '', EQUALS: 'a=b', HOST: '::', LANG: 'de' });
  expect(environment['AWS_ENDPOINT_URL']).toBe('http://own');
  expect(environmentOf({ endpoint: 'http://engine' })['AWS_ENDPOINT_URL']).toBe('http://engine');
});

test('every port of the task is known by its number in the container', () => {
  const environment = environmentOf({
    bindings: [binding(8080, 20_001), binding(9090, 20_002)],
    taskPorts: { 9000: 20_003 },
  });
  expect(environment).toMatchObject({
    PORT: '20001',
    ROCKPOOL_PORT_8080: '20001',
    ROCKPOOL_PORT_9090: '20002',
    ROCKPOOL_PORT_9000: '20003',
  });
});

test.each([
  { case: 'one of its ports means that port', PORT: '9090', seen: '20002' },
  { case: 'another number stays, as it would on AWS', PORT: '3000', seen: '3000' },
])('PORT in the definition: $case', ({ PORT, seen }) => {
  const bindings = [binding(8080, 20_001), binding(9090, 20_002)];
  expect(environmentOf({ bindings, environment: { PORT } })['PORT']).toBe(seen);
});

test('an image that brings a node of its own uses it', () => {
  const { searchPath } = planEnvironment(facts({ imageHasNode: true, image: ['PATH=/opt/node/bin:/usr/bin'] }));
  expect(searchPath).toEqual(['/r/opt/node/bin', '/r/usr/bin', '/n', '/usr/bin']);
});

test('a variable that names a file of the image names the real one', () => {
  expect(environmentOf({ environment: { LICENCES: '/app/licences.json', PREFIX: '/app' } })).toMatchObject({
    LICENCES: '/r/app/licences.json',
    PREFIX: '/app',
  });
});

test("home and scratch folders are the container's own", () => {
  expect(environmentOf({ environment: { HOME: '/home/app/../../..', TMPDIR: '/scratch' } })).toMatchObject({
    HOME: '/r/',
    TMPDIR: '/r/scratch',
  });
});
