import { expect } from 'vitest';
import { systemSshKeys } from '../../../edges/system-ssh-keys.ts';
import { startLab } from '../../../testing/lab.ts';
import { ec2 } from '../../ec2/index.ts';
import { route53 } from '../index.ts';

export const world = () =>
  startLab({ services: () => [route53(), ec2({ readObject: () => undefined, sshKeys: systemSshKeys() })] });
export type World = ReturnType<typeof world>;

let references = 0;
export const makeZone = (lab: World, Name = 'example.com', more: object = {}) =>
  lab.route53.createHostedZone({ Name, CallerReference: `reference ${references++}`, ...more });
export const idOf = ({ HostedZone }: ReturnType<typeof makeZone>) => HostedZone?.Id?.replace('/hostedzone/', '') ?? '';
export const code = (name: string) => expect.objectContaining({ code: name });

export function zoneWorld() {
  const lab = world();
  const HostedZoneId = idOf(makeZone(lab));
  type Changes = NonNullable<Parameters<typeof lab.route53.changeResourceRecordSets>[0]['ChangeBatch']['Changes']>;
  const change = (...Changes: Changes) =>
    lab.route53.changeResourceRecordSets({ HostedZoneId, ChangeBatch: { Changes } });
  const list = (more: object = {}) => lab.route53.listResourceRecordSets({ HostedZoneId, ...more });
  const names = (more: object = {}) =>
    list(more).ResourceRecordSets?.map(({ Name, Type, SetIdentifier }) =>
      [Name, Type, SetIdentifier].filter(Boolean).join(' '),
    );
  return { lab, HostedZoneId, change, list, names };
}

export const address = (Name: string, Value = '192.0.2.1', more: object = {}) => ({
  Name,
  Type: 'A' as const,
  TTL: 60,
  ResourceRecords: [{ Value }],
  ...more,
});
export const create = (ResourceRecordSet: ReturnType<typeof address>) => ({
  Action: 'CREATE' as const,
  ResourceRecordSet,
});
export const upsert = (ResourceRecordSet: ReturnType<typeof address>) => ({
  Action: 'UPSERT' as const,
  ResourceRecordSet,
});
export const remove = (ResourceRecordSet: ReturnType<typeof address>) => ({
  Action: 'DELETE' as const,
  ResourceRecordSet,
});
export const record = (Name: string, Type: string, ...values: string[]) =>
  ({ ...address(Name), Type, ResourceRecords: values.map((Value) => ({ Value })) }) as unknown as ReturnType<
    typeof address
  >;
