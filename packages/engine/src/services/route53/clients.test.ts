import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { requestHandler } from '../../wire/request-handler.ts';
import { route53 } from './index.ts';

test('the SDK makes a zone, changes records and sees what was wrong', async () => {
  const { kernel } = startLab({ services: () => [route53()] });
  const onBug = (error: unknown) => {
    throw error;
  };
  const client = new Route53Client({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: requestHandler({ kernel, onBug }) as never,
  });
  const made = await client.send(new CreateHostedZoneCommand({ Name: 'example.com', CallerReference: '1' }));
  expect(made.$metadata.httpStatusCode).toBe(201);
  const HostedZoneId = made.HostedZone?.Id;
  const ResourceRecordSet = {
    Name: 'txt.example.com',
    Type: 'TXT' as const,
    TTL: 60,
    ResourceRecords: [{ Value: '"a <b> & c"' }],
  };
  const change = () =>
    client.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId,
        ChangeBatch: { Comment: 'mine', Changes: [{ Action: 'CREATE', ResourceRecordSet }] },
      }),
    );
  expect((await change()).ChangeInfo).toMatchObject({
    Status: 'PENDING',
    Comment: 'mine',
    SubmittedAt: expect.any(Date),
  });
  const { ResourceRecordSets } = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId }));
  expect(ResourceRecordSets).toContainEqual({ ...ResourceRecordSet, Name: 'txt.example.com.' });
  await expect(change()).rejects.toMatchObject({
    name: 'InvalidChangeBatch',
    message: "[Tried to create resource record set [name='txt.example.com.', type='TXT'] but it already exists]",
    $metadata: { httpStatusCode: 400 },
  });
  await expect(client.send(new GetHostedZoneCommand({ Id: 'Z1' }))).rejects.toMatchObject({
    name: 'NoSuchHostedZone',
    $metadata: { httpStatusCode: 404 },
  });
});
