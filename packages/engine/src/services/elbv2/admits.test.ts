import { expect, test } from 'vitest';
import { admits } from './admits.ts';

const balancer = { groups: ['sg-lb'], addresses: ['10.0.0.5'] };
const tcp = (from: number, to: number, source: object) => ({
  IpProtocol: 'tcp',
  FromPort: from,
  ToPort: to,
  ...source,
});

test.each([
  ['no rule', [], false],
  ['its group', [tcp(8080, 8080, { UserIdGroupPairs: [{ GroupId: 'sg-lb' }] })], true],
  ['another group', [tcp(8080, 8080, { UserIdGroupPairs: [{ GroupId: 'sg-other' }] })], false],
  ['its group on another port', [tcp(80, 80, { UserIdGroupPairs: [{ GroupId: 'sg-lb' }] })], false],
  ['a range of ports', [tcp(8000, 9000, { UserIdGroupPairs: [{ GroupId: 'sg-lb' }] })], true],
  ['its subnet', [tcp(8080, 8080, { IpRanges: [{ CidrIp: '10.0.0.0/24' }] })], true],
  ['another subnet', [tcp(8080, 8080, { IpRanges: [{ CidrIp: '10.0.1.0/24' }] })], false],
  ['anyone', [tcp(8080, 8080, { IpRanges: [{ CidrIp: '0.0.0.0/0' }] })], true],
  ['everything', [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-lb' }] }], true],
  ['UDP only', [{ ...tcp(8080, 8080, { IpRanges: [{ CidrIp: '0.0.0.0/0' }] }), IpProtocol: 'udp' }], false],
])('%s', (_, rules, expected) => {
  expect(admits(rules, balancer, 8080)).toBe(expected);
});
