// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a Dockerfile writes its variables so
import { expect, test } from 'vitest';
import { parseDockerfile } from './dockerfile.ts';
import { type PlanOptions, planImage } from './plan-image.ts';

const plan = (lines: readonly string[], options: Partial<PlanOptions> = {}) =>
  planImage(parseDockerfile(lines.join('\n')), { architecture: 'amd64', ...options });
const configOf = (...lines: string[]) => plan(['FROM node:24', 'CMD x', ...lines]).config;
const stepsOf = (...lines: string[]) => plan(['FROM node:24', 'CMD x', ...lines]).steps;

test('a usual Dockerfile', () => {
  const { base, config, steps, warnings } = plan([
    'FROM node:24-slim',
    'WORKDIR /app',
    'COPY --chown=node:node . .',
    'ENV NODE_ENV=production PORT=8080',
    'EXPOSE 9000-9001 8080/tcp 53/udp',
    'STOPSIGNAL SIGINT',
    'USER node',
    'LABEL team=a "with space"=\'b c\'',
    'VOLUME /data',
    'HEALTHCHECK --interval=10s --timeout=1m30s --start-period=500ms --retries=3 CMD ["node", "health.js"]',
    'ENTRYPOINT ["node"]',
    'CMD ["server.js"]',
  ]);
  expect(base).toBe('node:24-slim');
  expect(config).toEqual({
    WorkingDir: '/app',
    Env: ['NODE_ENV=production', 'PORT=8080'],
    ExposedPorts: { '53/udp': {}, '8080/tcp': {}, '9000/tcp': {}, '9001/tcp': {} },
    StopSignal: 'SIGINT',
    User: 'node',
    Labels: { team: 'a', 'with space': 'b c' },
    Volumes: { '/data': {} },
    Healthcheck: { Test: ['CMD', 'node', 'health.js'], Interval: 10e9, Timeout: 90e9, StartPeriod: 5e8, Retries: 3 },
    Entrypoint: ['node'],
    Cmd: ['server.js'],
  });
  expect(steps).toEqual([
    { do: 'make-folder', path: '/app', line: 2 },
    { do: 'copy', sources: ['.'], destination: '/app/', unpacks: false, line: 3 },
  ]);
  expect(warnings).toEqual([]);
});

test.each([
  {
    case: 'the shell form',
    lines: ['CMD node server.js | tee log'],
    config: { Cmd: ['/bin/sh', '-c', 'node server.js | tee log'] },
  },
  {
    case: 'another shell',
    lines: ['SHELL ["/bin/bash", "-ec"]', 'CMD a b'],
    config: { Cmd: ['/bin/bash', '-ec', 'a b'] },
  },
  { case: 'the last command counts', lines: ['CMD ["a"]', 'CMD ["b"]'], config: { Cmd: ['b'] } },
  {
    case: 'a check by the shell',
    lines: ['HEALTHCHECK CMD curl -f localhost || exit 1'],
    config: { Healthcheck: { Test: ['CMD-SHELL', 'curl -f localhost || exit 1'] } },
  },
  { case: 'no check', lines: ['HEALTHCHECK NONE'], config: { Healthcheck: { Test: ['NONE'] } } },
  {
    case: 'folders upon folders',
    lines: ['WORKDIR /a', 'WORKDIR b', 'ENV D=c', 'WORKDIR ${D}'],
    config: { WorkingDir: '/a/b/c' },
  },
  {
    case: 'variables within a line are those before it',
    lines: ['ENV A=1', 'ENV A=2 B=$A'],
    config: { Env: ['A=2', 'B=1'] },
  },
  {
    case: 'arguments are seen from their line on',
    lines: ['ENV A=$V', 'ARG V=1', 'ENV B=$V'],
    config: { Env: ['A=', 'B=1'] },
  },
  {
    case: 'a variable wins over an argument',
    lines: ['ENV V=env', 'ARG V=arg', 'ENV W=$V'],
    config: { Env: ['V=env', 'W=env'] },
  },
  {
    case: 'arguments of the platform',
    lines: ['ARG TARGETARCH TARGETPLATFORM', 'ENV A=$TARGETARCH B=$TARGETPLATFORM'],
    config: { Env: ['A=amd64', 'B=linux/amd64'] },
  },
])('$case', ({ lines, config }) => {
  expect(configOf(...lines)).toMatchObject(config);
});

test('arguments come from the caller, their default, or from before FROM', () => {
  const lines = [
    'ARG VERSION=24',
    'ARG BASE=node:$VERSION',
    'FROM ${BASE}-slim',
    'CMD x',
    'ARG VERSION',
    'ARG MODE=dev',
    'ENV V=$VERSION M=$MODE',
  ];
  expect(plan(lines)).toMatchObject({ base: 'node:24-slim', config: { Env: ['V=24', 'M=dev'] } });
  expect(plan(lines, { buildArgs: { VERSION: '22', MODE: 'live' } })).toMatchObject({
    base: 'node:22-slim',
    config: { Env: ['V=22', 'M=live'] },
  });
});

test('a build argument that is declared nowhere is told', () => {
  expect(plan(['FROM a', 'CMD x'], { buildArgs: { OTHER: '1' } }).warnings).toEqual([
    'the build argument OTHER is declared nowhere in the Dockerfile',
  ]);
});

test('an image whose command only its base knows is told', () => {
  expect(plan(['FROM nginx', 'COPY . /x']).warnings[0]).toContain('those of nginx are not known here');
  expect(plan(['FROM scratch', 'COPY . /x']).warnings).toEqual([]);
});

test.each([
  { case: 'one file to a name', line: 'COPY a /srv/b', step: { sources: ['a'], destination: '/srv/b' } },
  { case: 'one file into a folder', line: 'COPY a /srv/', step: { sources: ['a'], destination: '/srv/' } },
  { case: 'many files', line: 'COPY a b /srv', step: { sources: ['a', 'b'], destination: '/srv/' } },
  { case: 'into the working folder', line: 'COPY a .', step: { sources: ['a'], destination: '/srv/' } },
  { case: 'below the working folder', line: 'COPY a sub/', step: { sources: ['a'], destination: '/srv/sub/' } },
  { case: 'names with blanks', line: 'COPY ["a b", "c d/"]', step: { sources: ['a b'], destination: '/srv/c d/' } },
  { case: 'with a mode', line: 'COPY --chmod=0755 a /b', step: { destination: '/b', mode: '0755' } },
  { case: 'into the root', line: 'COPY a /', step: { sources: ['a'], destination: '/' } },
  { case: 'ADD of files', line: 'ADD a /b', step: { destination: '/b', unpacks: true } },
])('copy $case', ({ line, step }) => {
  expect(stepsOf('WORKDIR /srv', line)[1]).toMatchObject({ do: 'copy', ...step });
});

test('the last stage is built, or the one asked for, with those it builds upon and no others', () => {
  const lines = [
    'FROM node:24 AS common',
    'ENV A=1',
    'FROM rust AS unused',
    'RUN cargo build',
    'FROM common AS api',
    'CMD ["api"]',
    'FROM Common',
    'CMD ["web"]',
  ];
  expect(plan(lines)).toMatchObject({ base: 'node:24', config: { Env: ['A=1'], Cmd: ['web'] } });
  expect(plan(lines, { target: 'api' })).toMatchObject({ base: 'node:24', config: { Env: ['A=1'], Cmd: ['api'] } });
  expect(plan(lines, { target: '0' }).config).not.toHaveProperty('Cmd');
  expect(() => plan(lines, { target: 'none' })).toThrow('there is no stage none');
});

test.each([
  { line: 'RUN npm ci', says: 'needs Docker: RUN npm ci at Dockerfile line 3' },
  { line: 'RUN --mount=type=cache,target=/x mkdir /y', says: 'needs Docker: RUN' },
  { line: 'COPY --from=build /x /y', says: 'needs Docker: COPY /x /y at Dockerfile line 3 (--from)' },
  { line: 'COPY <<EOF /x', says: 'needs Docker: COPY' },
  { line: 'ADD https://example.com/x /y', says: 'needs Docker: ADD' },
  { line: 'ADD git@github.com:a/b.git /y', says: 'needs Docker: ADD' },
])('$line', ({ line, says }) => {
  expect(() => stepsOf(line)).toThrow(
    expect.objectContaining({ code: 'ImageNeedsDocker', message: expect.stringContaining(says) }),
  );
});

test.each([
  { line: 'EXPOSE http', says: 'EXPOSE: http is no port' },
  { line: 'EXPOSE 70000', says: 'EXPOSE: 70000 is no port' },
  { line: 'HEALTHCHECK --interval=soon CMD x', says: 'HEALTHCHECK: soon is no duration' },
  { line: 'HEALTHCHECK --every=1s CMD x', says: 'HEALTHCHECK: --every=1s is not understood' },
  { line: 'HEALTHCHECK x', says: 'HEALTHCHECK: must go on with CMD or be NONE' },
  { line: 'COPY a', says: 'COPY: needs a source and a destination' },
  { line: 'ENV A', says: 'ENV: A has no value' },
  { line: 'SHELL sh', says: 'SHELL: must be a list' },
  { line: 'FROM a b c d', says: 'FROM takes an image' },
  { line: 'FROM $NONE', says: '$NONE is empty' },
])('$line is an error', ({ line, says }) => {
  expect(() => stepsOf(line)).toThrow(
    expect.objectContaining({ code: 'DockerfileInvalid', message: expect.stringContaining(`line 3: ${says}`) }),
  );
});
