import { expect, test } from 'vitest';
import { type PlatformStatus, planServiceStatus, recordedResources, type ServiceFacts } from './plan-status.ts';
import { renderStatus } from './render-status.ts';
import { event } from './testing/events.ts';

const now = Date.UTC(2026, 0, 5, 10);
const minutesAgo = (minutes: number) => new Date(now - minutes * 60_000);

const facts: ServiceFacts = {
  cluster: 'main',
  name: 'web',
  described: {
    status: 'ACTIVE',
    desiredCount: 3,
    runningCount: 1,
    pendingCount: 1,
    deployments: [
      {
        ...{ id: 'ecs-svc/2', status: 'PRIMARY', rolloutState: 'IN_PROGRESS', rolloutStateReason: 'in progress.' },
        ...{ taskDefinition: 'arn:aws:ecs:::task-definition/web:2', desiredCount: 3, runningCount: 1, failedTasks: 2 },
      },
    ],
  },
  bounds: { min: 1, max: 6 },
  tasks: [
    {
      ...{ taskArn: 'arn:aws:ecs:::task/main/aaaaaaaaaaaa', lastStatus: 'RUNNING', desiredStatus: 'RUNNING' },
      ...{ healthStatus: 'HEALTHY', startedAt: minutesAgo(3) },
      containers: [{ networkInterfaces: [{ privateIpv4Address: '10.0.0.10' }] }],
    },
    {
      ...{ taskArn: 'arn:aws:ecs:::task/main/bbbbbbbbbbbb', lastStatus: 'RUNNING', desiredStatus: 'STOPPED' },
      ...{ startedAt: minutesAgo(90) },
      containers: [{ networkInterfaces: [{ privateIpv4Address: '10.0.0.11' }] }],
    },
    { taskArn: 'arn:aws:ecs:::task/main/cccccccccccc', lastStatus: 'PENDING', createdAt: minutesAgo(0) },
    ...[1, 2, 3].map((minutes) => ({
      ...{ taskArn: `arn:aws:ecs:::task/main/${minutes}ddddddddddd`, lastStatus: 'STOPPED' },
      ...{ stoppedAt: minutesAgo(minutes), stoppedReason: 'Essential container in task exited' },
      containers: [
        { name: 'app', exitCode: 1 },
        { name: 'metrics', reason: 'CannotPullContainerError' },
      ],
    })),
  ],
  protections: new Map([['arn:aws:ecs:::task/main/aaaaaaaaaaaa', new Date(now + 60_000)]]),
  addresses: ['http://127.0.1.1:80'],
  targets: new Map([
    ['10.0.0.10', [{ state: 'healthy' }]],
    ['10.0.0.11', [{ state: 'draining', reason: 'Target deregistration is in progress' }]],
  ]),
};

test('a service with its tasks as people see them', () => {
  const status: PlatformStatus = {
    now,
    services: [planServiceStatus(facts, now)],
    listeners: [
      { loadBalancer: 'web', dnsName: 'web.elb.localhost', port: 80, address: 'http://127.0.1.1:80' },
      { loadBalancer: 'plain', dnsName: 'plain.elb.localhost', port: 8080, address: 'http://127.0.1.2:8080' },
    ],
    alarms: [
      { name: 'main/web/lower/aaaa', state: 'OK', reason: '' },
      { name: 'main/web/upper/aaaa', state: 'ALARM', reason: 'Threshold Crossed: 92 was greater than 80.' },
      { name: 'main/web/missing', state: 'INSUFFICIENT_DATA', reason: '' },
    ],
    stacks: [
      { name: 'Platform-Web-X', status: 'UPDATE_ROLLBACK_FAILED', reason: 'no room ', parent: 'Platform' },
      { name: 'Platform', status: 'CREATE_COMPLETE', reason: 'User Initiated' },
    ],
    recorded: [{ stack: 'Platform', logicalId: 'Trail', type: 'AWS::CloudTrail::Trail' }],
  };
  expect(renderStatus(status)).toBe(`\
web  ACTIVE  1 of 3 tasks running, 1 pending (min 1, max 6)
  cluster  main
  address  http://127.0.1.1:80
  rollout  PRIMARY IN_PROGRESS  web:2  1 of 3 running, 0 pending, 2 failed  in progress.
  TASK      STATE              HEALTH   TARGET                                           AGE     ADDRESS
  aaaaaaaa  RUNNING            HEALTHY  healthy                                          3m      10.0.0.10  protected
  bbbbbbbb  RUNNING, stopping  UNKNOWN  draining (Target deregistration is in progress)  1h 30m  10.0.0.11
  cccccccc  PENDING            UNKNOWN  -                                                0s      -
  stopped 1ddddddd 1m ago: Essential container in task exited (exit codes: app 1, metrics never ran: CannotPullContainerError)
  stopped 2ddddddd 2m ago: Essential container in task exited (exit codes: app 1, metrics never ran: CannotPullContainerError)

other listeners
  plain  8080  http://127.0.1.2:8080

alarms: 1 ALARM, 1 OK, 1 INSUFFICIENT_DATA
  ALARM  main/web/upper/aaaa  Threshold Crossed: 92 was greater than 80.

stacks
  Platform          CREATE_COMPLETE
    Platform-Web-X  UPDATE_ROLLBACK_FAILED  no room

1 resource recorded, not run
  AWS::CloudTrail::Trail  Trail  Platform
`);
});

test('a resource is recorded if its last event says so and its stack is there', () => {
  const resource = (stackName: string, logicalId: string, status: string, recorded: boolean) =>
    event('cloudformation/resource-status', {
      data: { stackName, logicalId, resourceType: 'AWS::X::Y', status, recorded },
    });
  const events = [
    resource('Web', 'Kept', 'CREATE_IN_PROGRESS', false),
    resource('Web', 'Kept', 'CREATE_COMPLETE', true),
    resource('Web', 'Real', 'CREATE_COMPLETE', false),
    resource('Web', 'Deleted', 'CREATE_COMPLETE', true),
    resource('Web', 'Deleted', 'DELETE_COMPLETE', true),
    resource('Gone', 'Left', 'CREATE_COMPLETE', true),
    event('cloudformation/stack-status', { data: { stackName: 'Web', logicalId: 'Web', recorded: true } }),
  ];
  expect(recordedResources(events, ['Web'])).toEqual([{ stack: 'Web', logicalId: 'Kept', type: 'AWS::X::Y' }]);
});
