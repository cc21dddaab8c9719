import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { resourceLab } from '../../testing/resource-lab.ts';
import { iam } from './index.ts';

const world = () => startLab({ services: () => [iam()] });
const failure = (code: string, message: string) => expect.objectContaining({ code, message });
const account = 'arn:aws:iam::000000000000';
const githubArn = `${account}:oidc-provider/token.actions.githubusercontent.com`;
const thumbprint = 'a'.repeat(40);
const metadata =
  '<EntityDescriptor validUntil="2040-01-02T03:04:05Z" entityID="https://idp"></EntityDescriptor>'.padEnd(1000);

const makeOpenId = (lab: ReturnType<typeof world>) =>
  lab.iam.createOpenIDConnectProvider({
    Url: 'https://token.actions.githubusercontent.com',
    ClientIDList: ['sts.amazonaws.com'],
    ThumbprintList: [thumbprint],
    Tags: [{ Key: 'a', Value: '1' }],
  });

test('an OpenID Connect provider is told without its scheme; its client ids and thumbprints change', () => {
  const lab = world();
  expect(makeOpenId(lab).OpenIDConnectProviderArn).toBe(githubArn);
  expect(() => makeOpenId(lab)).toThrow(
    failure('EntityAlreadyExists', 'Provider with url https://token.actions.githubusercontent.com already exists.'),
  );
  const OpenIDConnectProviderArn = githubArn;
  lab.iam.addClientIDToOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID: 'other' });
  lab.iam.addClientIDToOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID: 'other' });
  lab.iam.removeClientIDFromOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID: 'sts.amazonaws.com' });
  lab.iam.updateOpenIDConnectProviderThumbprint({ OpenIDConnectProviderArn, ThumbprintList: ['b'.repeat(40)] });
  lab.iam.tagOpenIDConnectProvider({ OpenIDConnectProviderArn, Tags: [{ Key: 'b', Value: '2' }] });
  lab.iam.untagOpenIDConnectProvider({ OpenIDConnectProviderArn, TagKeys: ['a'] });
  expect(lab.restart().iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn })).toMatchObject({
    Url: 'token.actions.githubusercontent.com',
    ClientIDList: ['other'],
    ThumbprintList: ['b'.repeat(40)],
    Tags: [{ Key: 'b', Value: '2' }],
  });
});

test('OpenID Connect providers are listed, and gone without a word when deleted twice', () => {
  const lab = world();
  makeOpenId(lab);
  const OpenIDConnectProviderArn = githubArn;
  expect(lab.iam.listOpenIDConnectProviders({}).OpenIDConnectProviderList).toEqual([{ Arn: githubArn }]);
  expect(lab.iam.listOpenIDConnectProviderTags({ OpenIDConnectProviderArn }).Tags).toEqual([{ Key: 'a', Value: '1' }]);
  for (const _ of [1, 2]) lab.iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn });
  expect(() => lab.iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn })).toThrow(
    failure('NoSuchEntity', `OpenIDConnect Provider not found for arn ${githubArn}`),
  );
  expect(() => lab.iam.createOpenIDConnectProvider({ Url: 'http://plain.example.com' })).toThrow(
    'Invalid Open ID Connect',
  );
});

test('a SAML provider is kept with its metadata, which say until when they hold', () => {
  const lab = world();
  const make = () =>
    lab.iam.createSAMLProvider({ Name: 'idp', SAMLMetadataDocument: metadata, Tags: [{ Key: 'a', Value: '1' }] });
  const { SAMLProviderArn = '' } = make();
  expect(SAMLProviderArn).toBe(`${account}:saml-provider/idp`);
  expect(make).toThrow(failure('EntityAlreadyExists', 'Provider with name idp already exists.'));
  const ValidUntil = new Date('2040-01-02T03:04:05Z');
  expect(lab.iam.getSAMLProvider({ SAMLProviderArn })).toMatchObject({ SAMLMetadataDocument: metadata, ValidUntil });
  expect(lab.iam.listSAMLProviders({}).SAMLProviderList).toEqual([
    { Arn: SAMLProviderArn, ValidUntil, CreateDate: expect.any(Date) },
  ]);
  const plain = metadata.replace(/validUntil="[^"]*"/, '');
  lab.iam.updateSAMLProvider({ SAMLProviderArn, SAMLMetadataDocument: plain });
  expect(lab.iam.getSAMLProvider({ SAMLProviderArn }).ValidUntil).toBeUndefined();
  expect(() => lab.iam.updateSAMLProvider({ SAMLProviderArn, SAMLMetadataDocument: 'x'.repeat(1000) })).toThrow(
    failure('InvalidInput', 'Could not parse metadata'),
  );
  lab.iam.tagSAMLProvider({ SAMLProviderArn, Tags: [{ Key: 'b', Value: '2' }] });
  lab.iam.untagSAMLProvider({ SAMLProviderArn, TagKeys: ['a'] });
  expect(lab.iam.listSAMLProviderTags({ SAMLProviderArn }).Tags).toEqual([{ Key: 'b', Value: '2' }]);
  lab.iam.deleteSAMLProvider({ SAMLProviderArn });
  expect(() => lab.iam.deleteSAMLProvider({ SAMLProviderArn })).toThrow(
    failure('NoSuchEntity', `Manifest not found for arn ${SAMLProviderArn}`),
  );
});

test('CloudFormation: an OpenID Connect provider and a SAML provider', () => {
  const lab = world();
  const openId = resourceLab(lab, 'AWS::IAM::OIDCProvider');
  const before = { Url: 'https://id.example.com/a/', ClientIdList: ['x'], Tags: [{ Key: 'a', Value: '1' }] };
  const { id } = openId.create(before);
  expect(id).toBe(`${account}:oidc-provider/id.example.com/a`);
  openId.update(id, { Url: before.Url, ClientIdList: ['y'], ThumbprintList: [thumbprint] }, before);
  expect(lab.iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn: id })).toMatchObject({
    ClientIDList: ['y'],
    ThumbprintList: [thumbprint],
    Tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'stack' }],
  });
  openId.delete(id, {});
  const saml = resourceLab(lab, 'AWS::IAM::SAMLProvider');
  const made = saml.create({ SamlMetadataDocument: metadata });
  expect(made.attributes).toEqual({ Arn: made.id, SamlProviderUUID: expect.stringMatching(/^[A-Z0-9]{21}$/) });
  saml.update(
    made.id,
    { SamlMetadataDocument: metadata, AssertionEncryptionMode: 'Allowed' },
    { SamlMetadataDocument: metadata },
  );
  expect(lab.iam.getSAMLProvider({ SAMLProviderArn: made.id }).AssertionEncryptionMode).toBe('Allowed');
  for (const _ of [1, 2]) saml.delete(made.id, {});
});
