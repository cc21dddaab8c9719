import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { seededKeyMaterial } from '../../testing/seeded-key-material.ts';
import { cloudFormation } from '../cloudformation/index.ts';
import { kms } from './index.ts';

const world = () =>
  startLab({
    services: () => {
      const keys = kms({ material: seededKeyMaterial() });
      return [keys, cloudFormation({ resources: () => keys.resources ?? {}, readObject: () => undefined })];
    },
  });
type World = ReturnType<typeof world>;

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const text = (data: Uint8Array | undefined) => Buffer.from(data ?? []).toString();
const make = (lab: World, more: object = {}) => lab.kms.createKey(more).KeyMetadata?.KeyId ?? '';
const seal = (lab: World, KeyId: string, EncryptionContext = {}) =>
  lab.kms.encrypt({ KeyId, Plaintext: bytes('hush'), EncryptionContext }).CiphertextBlob ?? bytes('');
const code = (name: string) => expect.objectContaining({ code: name });

test('what was encrypted is read with the same context, and with nothing else', () => {
  const lab = world();
  const KeyId = make(lab);
  const CiphertextBlob = seal(lab, KeyId, { app: 'a', stage: 'b' });
  expect(text(CiphertextBlob)).not.toContain('hush');
  const read = (more: object) => lab.kms.decrypt({ CiphertextBlob, ...more });
  expect(text(read({ EncryptionContext: { stage: 'b', app: 'a' } }).Plaintext)).toBe('hush');
  expect(() => read({})).toThrow(code('InvalidCiphertextException'));
  const other = make(lab);
  expect(() => read({ KeyId: other })).toThrow(code('IncorrectKeyException'));
  const broken = CiphertextBlob.slice();
  broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
  expect(() => lab.kms.decrypt({ CiphertextBlob: broken, EncryptionContext: { app: 'a', stage: 'b' } })).toThrow(
    code('InvalidCiphertextException'),
  );
  const again = lab.kms.reEncrypt({
    CiphertextBlob,
    SourceEncryptionContext: { app: 'a', stage: 'b' },
    DestinationKeyId: other,
  });
  expect(lab.kms.decrypt({ CiphertextBlob: again.CiphertextBlob })).toMatchObject({
    KeyId: expect.stringContaining(other),
  });
  expect(() => lab.kms.encrypt({ KeyId, Plaintext: bytes('x'.repeat(4097)) })).toThrow('less than or equal to 4096');
});

test('a data key comes plain and encrypted', () => {
  const lab = world();
  const { Plaintext, CiphertextBlob } = lab.kms.generateDataKey({ KeyId: make(lab), KeySpec: 'AES_256' });
  expect(Plaintext).toHaveLength(32);
  expect(lab.kms.decrypt({ CiphertextBlob }).Plaintext).toEqual(Plaintext);
  expect(() => lab.kms.generateDataKey({ KeyId: make(lab) })).toThrow('either number of bytes or key spec');
  expect(lab.kms.generateRandom({ NumberOfBytes: 33 }).Plaintext).toHaveLength(33);
  expect(() => lab.kms.generateRandom({})).toThrow('NumberOfBytes is required.');
});

test('keys are named by id, ARN and alias; what is not there is said', () => {
  const lab = world();
  const KeyId = make(lab);
  const arn = `arn:aws:kms:us-east-1:000000000000:key/${KeyId}`;
  lab.kms.createAlias({ AliasName: 'alias/app', TargetKeyId: KeyId });
  const describe = (id: string) => lab.kms.describeKey({ KeyId: id }).KeyMetadata;
  for (const id of [KeyId, arn, 'alias/app', 'arn:aws:kms:us-east-1:000000000000:alias/app'])
    expect(describe(id)?.Arn).toBe(arn);
  expect(() => describe('fake')).toThrow("Invalid keyId 'fake'");
  expect(() => describe(arn.replace('us-east-1', 'eu-west-1'))).toThrow('Invalid arn eu-west-1');
  const unknown = '134f2428-cec1-4b25-a1ae-9048164dba47';
  expect(() => describe(unknown)).toThrow(`Key 'arn:aws:kms:us-east-1:000000000000:key/${unknown}' does not exist`);
  expect(() => describe('alias/no')).toThrow('Alias arn:aws:kms:us-east-1:000000000000:alias/no is not found.');
  expect(() => lab.kms.createAlias({ AliasName: 'app', TargetKeyId: KeyId })).toThrow('must start with the prefix');
  expect(() => lab.kms.createAlias({ AliasName: 'alias/app', TargetKeyId: KeyId })).toThrow(
    code('AlreadyExistsException'),
  );
  expect(() => lab.kms.createAlias({ AliasName: 'alias/aws/s3', TargetKeyId: KeyId })).toThrow(
    code('NotAuthorizedException'),
  );
});

test("AWS's own keys are made on demand, and are not the user's to change", () => {
  const lab = world();
  const managed = lab.kms.describeKey({ KeyId: 'alias/aws/secretsmanager' }).KeyMetadata;
  expect(managed).toMatchObject({ KeyManager: 'AWS', KeyState: 'Enabled' });
  expect(lab.kms.describeKey({ KeyId: 'alias/aws/secretsmanager' }).KeyMetadata).toEqual(managed);
  expect(lab.kms.listAliases({}).Aliases).toMatchObject([{ AliasName: 'alias/aws/secretsmanager' }]);
  expect(() => lab.kms.disableKey({ KeyId: managed?.KeyId ?? '' })).toThrow(code('AccessDeniedException'));
});

test('a deletion waits its days, can be cancelled, and takes the aliases along', () => {
  const lab = world();
  const KeyId = make(lab);
  const CiphertextBlob = seal(lab, KeyId);
  lab.kms.createAlias({ AliasName: 'alias/app', TargetKeyId: KeyId });
  lab.kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
  expect(() => lab.kms.decrypt({ CiphertextBlob })).toThrow('is pending deletion.');
  lab.advance('6d');
  lab.kms.cancelKeyDeletion({ KeyId });
  lab.advance('2d');
  expect(() => lab.kms.decrypt({ CiphertextBlob })).toThrow('is disabled.');
  lab.kms.enableKey({ KeyId });
  expect(text(lab.kms.decrypt({ CiphertextBlob }).Plaintext)).toBe('hush');
  expect(() => lab.kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 6 })).toThrow('between 7 and 30');
  lab.kms.scheduleKeyDeletion({ KeyId });
  const after = lab.restart();
  after.advance('30d');
  expect(() => after.kms.describeKey({ KeyId })).toThrow('does not exist');
  expect(after.kms.listAliases({}).Aliases).toEqual([]);
});

test('a rotated key reads what its older material encrypted', () => {
  const lab = world();
  const KeyId = make(lab);
  const CiphertextBlob = seal(lab, KeyId);
  lab.kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
  lab.advance('91d');
  lab.kms.rotateKeyOnDemand({ KeyId });
  expect(lab.kms.listKeyRotations({ KeyId }).Rotations).toMatchObject([
    { RotationType: 'AUTOMATIC' },
    { RotationType: 'ON_DEMAND' },
  ]);
  expect(text(lab.kms.decrypt({ CiphertextBlob }).Plaintext)).toBe('hush');
  expect(lab.kms.getKeyRotationStatus({ KeyId })).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 90 });
});

test.each([
  ['RSA_2048', 'RSASSA_PSS_SHA_256'],
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_512'],
  ['ECC_NIST_P256', 'ECDSA_SHA_256'],
] as const)('a pair %s signs with %s', (KeySpec, SigningAlgorithm) => {
  const lab = world();
  const KeyId = make(lab, { KeySpec, KeyUsage: 'SIGN_VERIFY' });
  const Message = bytes('contract');
  const { Signature = bytes('') } = lab.kms.sign({ KeyId, Message, SigningAlgorithm });
  const check = (message: Uint8Array) =>
    lab.kms.verify({ KeyId, Message: message, SigningAlgorithm, Signature }).SignatureValid;
  expect(check(Message)).toBe(true);
  expect(() => check(bytes('contracts'))).toThrow(code('KMSInvalidSignatureException'));
  expect(() => seal(lab, KeyId)).toThrow('key usage is SIGN_VERIFY which is not valid for Encrypt.');
});

test('RSA encrypts little, HMAC makes codes, and a usage must be said', () => {
  const lab = world();
  const KeyId = make(lab, { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' });
  const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256';
  const { CiphertextBlob } = lab.kms.encrypt({ KeyId, Plaintext: bytes('hush'), EncryptionAlgorithm });
  expect(text(lab.kms.decrypt({ KeyId, CiphertextBlob, EncryptionAlgorithm }).Plaintext)).toBe('hush');
  expect(() => lab.kms.encrypt({ KeyId, Plaintext: bytes('x'.repeat(191)), EncryptionAlgorithm })).toThrow(
    'Algorithm RSAES_OAEP_SHA_256 and key spec RSA_2048 cannot encrypt data larger than 190 bytes.',
  );
  expect(() => make(lab, { KeySpec: 'HMAC_256' })).toThrow('You must specify a KeyUsage value');
  const mac = { KeyId: make(lab, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }), Message: bytes('m') };
  const { Mac = bytes('') } = lab.kms.generateMac({ ...mac, MacAlgorithm: 'HMAC_SHA_256' });
  expect(lab.kms.verifyMac({ ...mac, MacAlgorithm: 'HMAC_SHA_256', Mac }).MacValid).toBe(true);
  expect(() => lab.kms.verifyMac({ ...mac, Message: bytes('n'), MacAlgorithm: 'HMAC_SHA_256', Mac })).toThrow(
    code('KMSInvalidMacException'),
  );
  expect(() => lab.kms.generateMac({ ...mac, MacAlgorithm: 'HMAC_SHA_512' })).toThrow(
    'Algorithm HMAC_SHA_512 is incompatible with key spec HMAC_256.',
  );
});

test('grants are listed, and go', () => {
  const lab = world();
  const KeyId = make(lab);
  const grant = { KeyId, GranteePrincipal: 'arn:aws:iam::000000000000:role/r', Operations: ['Decrypt' as const] };
  const { GrantId = '', GrantToken } = lab.kms.createGrant({ ...grant, Name: 'g' });
  expect(lab.kms.createGrant({ ...grant, Name: 'g' })).toEqual({ GrantId, GrantToken });
  expect(lab.kms.listGrants({ KeyId }).Grants).toMatchObject([{ GrantId, Name: 'g', Operations: ['Decrypt'] }]);
  lab.kms.revokeGrant({ KeyId, GrantId });
  expect(lab.kms.listGrants({ KeyId }).Grants).toEqual([]);
});

test('AWS::KMS::Key and Alias are made, changed in place and deleted', () => {
  const lab = world();
  const template = (more: object) =>
    JSON.stringify({
      Resources: {
        K: { Type: 'AWS::KMS::Key', Properties: { PendingWindowInDays: 7, ...more } },
        A: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/app', TargetKeyId: { Ref: 'K' } } },
      },
      Outputs: { Arn: { Value: { 'Fn::GetAtt': ['K', 'Arn'] } } },
    });
  lab.cloudFormation.createStack({ StackName: 's', TemplateBody: template({ EnableKeyRotation: true }) });
  lab.advance('1m');
  const { KeyId = '', Arn } = lab.kms.describeKey({ KeyId: 'alias/app' }).KeyMetadata ?? {};
  expect(lab.cloudFormation.describeStacks({ StackName: 's' }).Stacks?.[0]?.Outputs).toMatchObject([
    { OutputValue: Arn },
  ]);
  expect(lab.kms.getKeyRotationStatus({ KeyId }).KeyRotationEnabled).toBe(true);
  const changed = template({ Description: 'd', Enabled: false, Tags: [{ Key: 'team', Value: 'x' }] });
  lab.cloudFormation.updateStack({ StackName: 's', TemplateBody: changed });
  lab.advance('1m');
  expect(lab.kms.describeKey({ KeyId }).KeyMetadata).toMatchObject({ Description: 'd', KeyState: 'Disabled' });
  expect(lab.kms.getKeyRotationStatus({ KeyId }).KeyRotationEnabled).toBe(false);
  expect(lab.kms.listResourceTags({ KeyId }).Tags).toContainEqual({ TagKey: 'team', TagValue: 'x' });
  lab.cloudFormation.deleteStack({ StackName: 's' });
  lab.advance('1m');
  expect(lab.kms.describeKey({ KeyId }).KeyMetadata?.KeyState).toBe('PendingDeletion');
  lab.advance('8d');
  expect(lab.kms.listKeys({}).Keys).toEqual([]);
});
