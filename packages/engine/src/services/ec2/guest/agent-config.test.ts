import { expect, test } from 'vitest';
import { copiedConfig, readAgentConfig } from './agent-config.ts';

test.each([
  ['#!/bin/bash\necho ECS_CLUSTER=blue >> /etc/ecs/ecs.config', { cluster: 'blue' }],
  ['#!/bin/bash\necho "ECS_CLUSTER=blue" >> /etc/ecs/ecs.config', { cluster: 'blue' }],
  ["cat <<'EOF' >> /etc/ecs/ecs.config\nECS_CLUSTER=blue\nECS_RESERVED_MEMORY=64\nEOF", { reservedMemory_mib: 64 }],
  ['ECS_INSTANCE_ATTRIBUTES={"rack":"r1"}', { attributes: [{ name: 'rack', value: 'r1' }] }],
  ['echo \'ECS_CONTAINER_INSTANCE_TAGS={"team":"a"}\' >> x', { tags: [{ key: 'team', value: 'a' }] }],
  ['ECS_CLUSTER=one\nECS_CLUSTER=two', { cluster: 'two' }],
  ['ECS_INSTANCE_ATTRIBUTES={broken', { attributes: [] }],
  ['', { cluster: 'default', attributes: [], tags: [], reservedMemory_mib: 0 }],
])('%j', (text, wanted) => {
  expect(readAgentConfig(text)).toMatchObject(wanted);
});

test('an object that is copied over the configuration is known by its bucket and key', () => {
  expect(copiedConfig('#!/bin/bash\naws s3 cp s3://config/a/ecs.config /etc/ecs/ecs.config\n')).toEqual({
    bucket: 'config',
    key: 'a/ecs.config',
  });
  expect(copiedConfig('aws s3 cp s3://config/ecs.config /tmp/ecs.config')).toBeUndefined();
});
