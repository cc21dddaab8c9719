import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { seededKeyMaterial } from '../../testing/seeded-key-material.ts';
import { cloudFormation } from '../cloudformation/index.ts';
import { kms } from '../kms/index.ts';
import { secretsManager } from './index.ts';

const world = () =>
  startLab({
    services: () => {
      const secrets = secretsManager();
      const handlers = () => secrets.resources ?? {};
      return [
        kms({ material: seededKeyMaterial() }),
        secrets,
        cloudFormation({ resources: handlers, readObject: () => undefined }),
      ];
    },
  });
type World = ReturnType<typeof world>;

const token = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const make = (lab: World, more: object = {}) =>
  lab.secretsManager.createSecret({ Name: 'db', SecretString: 'one', ClientRequestToken: token(1), ...more }).ARN ?? '';
const put = (lab: World, SecretString: string, n: number, more: object = {}) =>
  lab.secretsManager.putSecretValue({ SecretId: 'db', SecretString, ClientRequestToken: token(n), ...more });
const read = (lab: World, more: object = {}) =>
  lab.secretsManager.getSecretValue({ SecretId: 'db', ...more }).SecretString;
const code = (name: string) => expect.objectContaining({ code: name });

test('a secret is read by name, ARN and short ARN, by stage and by version', () => {
  const lab = world();
  const arn = make(lab);
  expect(arn).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:db-\w{6}$/);
  put(lab, 'two', 2);
  for (const SecretId of ['db', arn, arn.slice(0, -7)]) expect(read(lab, { SecretId })).toBe('two');
  expect(read(lab, { VersionStage: 'AWSPREVIOUS' })).toBe('one');
  expect(read(lab, { VersionId: token(1) })).toBe('one');
  expect(() => read(lab, { VersionId: token(1), VersionStage: 'AWSCURRENT' })).toThrow('not associated');
  expect(() => read(lab, { VersionStage: 'blue' })).toThrow('for staging label: blue');
  expect(() => read(lab, { SecretId: 'no' })).toThrow(code('ResourceNotFoundException'));
  expect(lab.secretsManager.describeSecret({ SecretId: arn }).VersionIdsToStages).toEqual({
    [token(1)]: ['AWSPREVIOUS'],
    [token(2)]: ['AWSCURRENT'],
  });
});

test('a token stands for one value', () => {
  const lab = world();
  make(lab);
  expect(put(lab, 'two', 2)).toEqual(put(lab, 'two', 2));
  expect(() => put(lab, 'three', 2)).toThrow(code('ResourceExistsException'));
  expect(() => lab.secretsManager.createSecret({ Name: 'x', SecretString: 's' })).toThrow('ClientRequestToken value');
  expect(() => make(lab, { ClientRequestToken: token(5) })).toThrow('because the secret db already exists.');
  expect(() => make(lab, { Name: 'Inv Name' })).toThrow('Invalid name. Must be');
});

test('a value is encrypted, and lost with its key', () => {
  const lab = world();
  const KeyId = lab.kms.createKey({}).KeyMetadata?.KeyId ?? '';
  make(lab, { KmsKeyId: KeyId, SecretString: 'very-hush' });
  expect(read(lab)).toBe('very-hush');
  expect(JSON.stringify(lab.events())).not.toContain('very-hush');
  lab.kms.disableKey({ KeyId });
  expect(() => read(lab)).toThrow(code('DecryptionFailure'));
  expect(() => make(lab, { Name: 'other', KmsKeyId: 'alias/none' })).toThrow(code('EncryptionFailure'));
});

test('a deletion can be taken back until its window is over', () => {
  const lab = world();
  make(lab);
  lab.secretsManager.deleteSecret({ SecretId: 'db', RecoveryWindowInDays: 7 });
  expect(() => read(lab)).toThrow('marked for deletion');
  expect(() => make(lab)).toThrow('already scheduled for deletion');
  expect(lab.secretsManager.listSecrets({}).SecretList).toEqual([]);
  lab.secretsManager.restoreSecret({ SecretId: 'db' });
  lab.advance('8d');
  expect(read(lab)).toBe('one');
  lab.secretsManager.deleteSecret({ SecretId: 'db' });
  const after = lab.restart();
  after.advance('30d');
  expect(() => after.secretsManager.describeSecret({ SecretId: 'db' })).toThrow(code('ResourceNotFoundException'));
  expect(() => lab.secretsManager.deleteSecret({ SecretId: 'db', RecoveryWindowInDays: 5 })).toThrow(
    'between 7 and 30',
  );
});

test('lists, batches, tags and policies', () => {
  const lab = world();
  const [db, api] = [make(lab), make(lab, { Name: 'api', Tags: [{ Key: 'team', Value: 'x' }] })];
  const names = (Filters: object[]) =>
    (lab.secretsManager.listSecrets({ Filters } as never).SecretList ?? []).map(({ Name }) => Name);
  expect(names([])).toEqual(['api', 'db']);
  expect(names([{ Key: 'tag-key', Values: ['te'] }])).toEqual(['api']);
  expect(names([{ Key: 'name', Values: ['!api'] }])).toEqual(['db']);
  expect(lab.secretsManager.batchGetSecretValue({ SecretIdList: [db, 'no', api] })).toMatchObject({
    SecretValues: [{ Name: 'db', SecretString: 'one' }, { Name: 'api' }],
    Errors: [{ SecretId: 'no', ErrorCode: 'ResourceNotFoundException' }],
  });
  lab.secretsManager.untagResource({ SecretId: 'api', TagKeys: ['team'] });
  expect(lab.secretsManager.describeSecret({ SecretId: 'api' })).not.toHaveProperty('Tags');
  const ResourcePolicy = '{"Version":"2012-10-17","Statement":[]}';
  lab.secretsManager.putResourcePolicy({ SecretId: 'db', ResourcePolicy });
  expect(lab.secretsManager.getResourcePolicy({ SecretId: db }).ResourcePolicy).toBe(ResourcePolicy);
  expect(() => lab.secretsManager.putResourcePolicy({ SecretId: 'db', ResourcePolicy: '{' })).toThrow(
    code('MalformedPolicyDocumentException'),
  );
  expect(() => lab.secretsManager.rotateSecret({ SecretId: 'db' })).toThrow('No Lambda rotation function ARN');
});

test('a password has each kind of character, and none that is excluded', () => {
  const lab = world();
  for (let round = 0; round < 20; round++) {
    const { RandomPassword = '' } = lab.secretsManager.getRandomPassword({
      PasswordLength: 8,
      ExcludePunctuation: true,
      ExcludeCharacters: 'abc',
    });
    expect(RandomPassword).toMatch(/^(?=.*[d-z])(?=.*[A-Z])(?=.*\d)[d-zA-Z\d]{8}$/);
  }
});

test('AWS::SecretsManager::Secret generates its value once', () => {
  const lab = world();
  const template = (Description: string, PasswordLength = 20) =>
    JSON.stringify({
      Resources: {
        S: {
          Type: 'AWS::SecretsManager::Secret',
          Properties: {
            Name: 'db',
            Description,
            GenerateSecretString: {
              SecretStringTemplate: '{"username":"admin"}',
              GenerateStringKey: 'password',
              ExcludePunctuation: true,
              PasswordLength,
            },
          },
        },
        P: {
          Type: 'AWS::SecretsManager::ResourcePolicy',
          Properties: { SecretId: { Ref: 'S' }, ResourcePolicy: { Version: '2012-10-17', Statement: [] } },
        },
      },
      Outputs: { Arn: { Value: { Ref: 'S' } } },
    });
  const deploy = (verb: 'createStack' | 'updateStack', TemplateBody: string) => {
    lab.cloudFormation[verb]({ StackName: 's', TemplateBody });
    lab.advance('1m');
  };
  deploy('createStack', template('a'));
  const first = JSON.parse(read(lab) ?? '');
  expect(first).toEqual({ username: 'admin', password: expect.stringMatching(/^[a-zA-Z\d]{20}$/) });
  expect(lab.secretsManager.getResourcePolicy({ SecretId: 'db' }).ResourcePolicy).toContain('Statement');
  deploy('updateStack', template('b'));
  expect(JSON.parse(read(lab) ?? '')).toEqual(first);
  expect(lab.secretsManager.describeSecret({ SecretId: 'db' }).Description).toBe('b');
  deploy('updateStack', template('b', 24));
  expect(JSON.parse(read(lab) ?? '').password).toHaveLength(24);
  lab.cloudFormation.deleteStack({ StackName: 's' });
  lab.advance('1m');
  expect(lab.secretsManager.listSecrets({ IncludePlannedDeletion: true }).SecretList).toEqual([]);
});
