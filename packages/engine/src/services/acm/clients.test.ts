import { once } from 'node:events';
import { connect, createServer } from 'node:tls';
import {
  ACMClient,
  DescribeCertificateCommand,
  ExportCertificateCommand,
  RequestCertificateCommand,
} from '@aws-sdk/client-acm';
import { expect, test } from 'vitest';
import { systemCertificateKeys } from '../../edges/system-certificate-keys.ts';
import { systemClock } from '../../kernel/clock.ts';
import { seededIds } from '../../kernel/ids.ts';
import { Kernel } from '../../kernel/kernel.ts';
import { defineService } from '../../kernel/service.ts';
import { memoryJournal } from '../../testing/memory.ts';
import { createServer as createWireServer } from '../../wire/server.ts';
import { acm } from './index.ts';

const onBug = (error: unknown) => {
  throw error;
};
const elbv2 = defineService('elbv2', { operations: { DescribeLoadBalancers: () => ({ LoadBalancers: [] }) } });

test('a client that trusts the engine’s root accepts a server with an exported certificate', async () => {
  const services = [acm({ keys: systemCertificateKeys() }), elbv2];
  const kernel = new Kernel({
    clock: systemClock({ speed: 1 }),
    journal: memoryJournal(),
    ids: seededIds(1),
    services,
    onBug,
  });
  const wire = createWireServer({ kernel, account: '000000000000', onBug });
  const { port } = await wire.listen(0);
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new ACMClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  try {
    const { CertificateArn } = await client.send(
      new RequestCertificateCommand({ DomainName: 'shop.example.com', Options: { Export: 'ENABLED' } }),
    );
    const passphrase = 'four';
    const { Certificate = '', PrivateKey = '' } = await client.send(
      new ExportCertificateCommand({ CertificateArn, Passphrase: Buffer.from(passphrase) }),
    );
    const ca = await (await fetch(`${endpoint}/_rockpool/ca.pem`)).text();
    const server = createServer({ cert: Certificate, key: PrivateKey, passphrase }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const socket = connect({
      host: '127.0.0.1',
      port: typeof address === 'object' ? (address?.port ?? 0) : 0,
      servername: 'shop.example.com',
      ca,
    });
    await once(socket, 'secureConnect');
    expect(socket.authorized).toBe(true);
    socket.destroy();
    server.close();
    await expect(client.send(new DescribeCertificateCommand({ CertificateArn: 'no' }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(
      client.send(new DescribeCertificateCommand({ CertificateArn: `${CertificateArn}0` })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  } finally {
    await wire.close();
    await kernel.stop();
  }
});
