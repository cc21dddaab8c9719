import { writeFileSync } from 'node:fs';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { slimSchema } from '../src/cloudformation/schema/slim-schema.ts';

/**
 * Writes the published resource schemas as the engine reads them, because loading the whole database takes half a second and 180 MB: the types
 * that it runs or is about to run, all others a line each, and the names of all. `node packages/engine/scripts/generate-resource-schemas.ts`
 */
const families = [
  /^AWS::(ApplicationAutoScaling|CloudFormation|CloudWatch|ECR|ECS|Logs|S3|SNS|SQS|ServiceDiscovery)::/,
  /^AWS::ElasticLoadBalancingV2::/,
  /^AWS::IAM::(Role|Policy|RolePolicy|UserPolicy|GroupPolicy|ManagedPolicy|InstanceProfile|User|Group|UserToGroupAddition|AccessKey|ServiceLinkedRole|OIDCProvider|SAMLProvider)$/,
  /^AWS::EC2::(VPC|Subnet|InternetGateway|VPCGatewayAttachment|RouteTable|Route|SubnetRouteTableAssociation|SecurityGroup|SecurityGroupIngress|SecurityGroupEgress|NatGateway|EIP|EIPAssociation|VPCEndpoint|FlowLog|NetworkAcl|NetworkAclEntry|SubnetNetworkAclAssociation|VPCCidrBlock|DHCPOptions|VPCDHCPOptionsAssociation|NetworkInterface|PrefixList|EgressOnlyInternetGateway|LaunchTemplate|Instance)$/,
  /^AWS::AutoScaling::/,
  /^AWS::CertificateManager::Certificate$/,
  /^AWS::Events::(Rule|EventBus|EventBusPolicy|Archive)$/,
  /^AWS::Lambda::(Function|Permission|Version|Alias|EventInvokeConfig|EventSourceMapping|LayerVersion|Url)$/,
  /^AWS::SSM::(Parameter)$/,
  /^AWS::SecretsManager::Secret$/,
  /^AWS::KMS::(Key|Alias)$/,
  /^AWS::Route53::(HealthCheck|HostedZone|RecordSet|RecordSetGroup)$/,
  /^AWS::EFS::(FileSystem|MountTarget|AccessPoint)$/,
  /^AWS::OpenSearchService::Domain$/,
];

const database = loadAwsServiceSpecSync();
const all = [...database.all('resource')].sort((a, b) => (a.cloudFormationType < b.cloudFormationType ? -1 : 1));
const slice = all.filter(({ cloudFormationType }) => families.some((family) => family.test(cloudFormationType)));
const schemas = Object.fromEntries(slice.map((type) => [type.cloudFormationType, slimSchema(database, type)]));
const target = new URL('../src/cloudformation/generated/', import.meta.url);

/** One type a line, so that a new version of the database shows what changed. */
const lines = Object.entries(schemas).map(([name, schema]) => `${JSON.stringify(name)}:${JSON.stringify(schema)}`);
writeFileSync(new URL('resource-schemas.json', target), `{\n${lines.join(',\n')}\n}\n`);
const others = all.filter((type) => !slice.includes(type)).map((type) => JSON.stringify(slimSchema(database, type)));
writeFileSync(new URL('other-resource-schemas.jsonl', target), `${others.join('\n')}\n`);
const names = all.map(({ cloudFormationType }) => cloudFormationType);
writeFileSync(
  new URL('resource-types.json', target),
  `[\n${names.map((name) => JSON.stringify(name)).join(',\n')}\n]\n`,
);
process.stdout.write(`${slice.length} of ${names.length} types\n`);
