import { expect, test } from 'vitest';
import { seededKeyMaterial } from '../../testing/seeded-key-material.ts';
import { kms } from '../kms/index.ts';
import { secretsManager } from '../secrets-manager/index.ts';
import { startWorld, statusOf, story, templateOf, thingNames, topic } from './testing/world.ts';

const token = (n: number) => `${n}`.padStart(32, '0');

function startSecretWorld() {
  const lab = startWorld({ more: () => [kms({ material: seededKeyMaterial() }), secretsManager()] });
  const first = { Name: 'db', SecretString: '{"user":"old","port":1}', ClientRequestToken: token(1) };
  const arn = lab.secretsManager.createSecret(first).ARN ?? '';
  lab.secretsManager.putSecretValue({
    SecretId: 'db',
    SecretString: '{"user":"new","port":2}',
    ClientRequestToken: token(2),
  });
  lab.secretsManager.createSecret({ Name: 'plain', SecretString: 'text', ClientRequestToken: token(3) });
  const make = (StackName: string, key: string) =>
    lab.cloudFormation.createStack({
      StackName,
      TemplateBody: templateOf({ Resources: { A: topic({ DisplayName: `<{{resolve:secretsmanager:${key}}}>` }) } }),
    });
  return { lab, arn, make };
}

test.each([
  ['plain', '<text>'],
  ['plain:SecretString', '<text>'],
  ['plain:SecretString:::', '<text>'],
  ['db:SecretString:user', '<new>'],
  ['db::port', '<2>'],
  ['db:SecretString:user:AWSPREVIOUS', '<old>'],
  [`db:SecretString:user::${token(1)}`, '<old>'],
])('a reference to a secret, %s, is %s', (key, expected) => {
  const { lab, make } = startSecretWorld();
  make('app', key);
  expect(statusOf(lab, 'app')).toBe('CREATE_COMPLETE');
  expect(thingNames(lab)).toEqual([expected]);
});

test('a reference may name a secret by its ARN', () => {
  const { lab, arn, make } = startSecretWorld();
  make('app', `${arn}:SecretString:user`);
  expect(thingNames(lab)).toEqual(['<new>']);
  expect(JSON.stringify(lab.cloudFormation.describeStackEvents({ StackName: 'app' }))).not.toContain('<new>');
});

test.each([
  ['db:SecretString:nobody', 'Could not find a value associated with JSONKey in SecretString'],
  ['db:SecretString:toString', 'Could not find a value associated with JSONKey in SecretString'],
  ['plain:SecretString:user', 'Could not parse SecretString JSON'],
  ['db:SecretBinary', 'Incorrect format is used in the following dynamic reference'],
  [`db:SecretString:user:AWSCURRENT:${token(1)}`, 'Incorrect format is used in the following dynamic reference'],
  ['gone', "Secrets Manager can't find the specified secret."],
])('a reference to a secret that cannot be read, %s, fails its resource', (key, reason) => {
  const { lab, make } = startSecretWorld();
  make('app', key);
  expect(statusOf(lab, 'app')).toBe('ROLLBACK_COMPLETE');
  expect(story(lab, 'app').find((line) => line.startsWith('A CREATE_FAILED'))).toContain(reason);
});
