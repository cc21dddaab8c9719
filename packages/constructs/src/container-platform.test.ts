import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { resourcesOf, sampleTemplates, stackOf } from './testing/templates.ts';
import { readWiring } from './wiring.ts';

describe('a platform', () => {
  const templates = sampleTemplates();

  test('is one nested stack per concern, each fed by those before it', () => {
    expect([...templates.keys()]).toEqual([
      'platform',
      'Alerts',
      'Network',
      'Storage',
      'Cluster',
      'LoadBalancer',
      'ApiRegistry',
      'ApiAccess',
      'ApiMonitoring',
      'ApiService',
      'ApiScaling',
    ]);
    const wires = readWiring(stackOf(templates, 'platform').toJSON());
    expect(wires.map(({ from, to }) => `${from} -> ${to}`).sort()).toEqual([
      'Alerts -> ApiMonitoring',
      'Alerts -> ApiScaling',
      'ApiAccess -> ApiService',
      'ApiMonitoring -> ApiService',
      'ApiService -> ApiScaling',
      'Cluster -> ApiMonitoring',
      'Cluster -> ApiScaling',
      'Cluster -> ApiService',
      'LoadBalancer -> ApiMonitoring',
      'LoadBalancer -> ApiService',
      'Network -> ApiService',
      'Network -> LoadBalancer',
      'Storage -> ApiAccess',
      'Storage -> ApiService',
    ]);
  });

  test('has nothing that must be run to be deployed', () => {
    const types = resourcesOf(templates).map(([, , { Type }]) => Type);
    expect(types.filter((type) => type.startsWith('Custom::') || type.includes('CustomResource'))).toEqual([]);
  });

  test('tells of every resource what it is for', () => {
    const silent = resourcesOf(templates).filter(
      ([, , { Type, Metadata }]) => !/Policy$/.test(Type) && typeof Metadata?.['rockpool:description'] !== 'string',
    );
    expect(silent.map(([stack, id]) => `${stack}/${id}`)).toEqual([]);
  });

  test('is the same every time', () => {
    const again = sampleTemplates();
    expect([...again].map(([name, template]) => [name, template.toJSON()])).toEqual(
      [...templates].map(([name, template]) => [name, template.toJSON()]),
    );
  });

  test('has no NAT gateway unless asked', () => {
    stackOf(templates, 'Network').resourceCountIs('AWS::EC2::NatGateway', 0);
    const asked = sampleTemplates({ network: { egress: 'nat' } });
    stackOf(asked, 'Network').resourceCountIs('AWS::EC2::NatGateway', 2);
  });

  test('tells its address', () => {
    expect(stackOf(templates, 'platform').toJSON()['Outputs']).toMatchObject({
      Address: { Value: { 'Fn::Join': ['', ['http://', expect.anything()]] } },
    });
  });

  test('has a search domain only when asked, and then its services may use it', () => {
    expect(templates.has('Search')).toBe(false);
    const asked = sampleTemplates({ search: {} });
    stackOf(asked, 'Search').resourceCountIs('AWS::OpenSearchService::Domain', 1);
    stackOf(asked, 'ApiService').hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: Match.arrayWith([
        Match.objectLike({ Environment: Match.arrayWith([Match.objectLike({ Name: 'SEARCH_ENDPOINT' })]) }),
      ]),
    });
  });

  test('serves HTTPS and sends HTTP there when it has a certificate', () => {
    const secure = stackOf(
      sampleTemplates({ loadBalancer: { certificateArn: 'arn:aws:acm:eu-west-1:1:certificate/1' } }),
      'LoadBalancer',
    );
    secure.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 443, Protocol: 'HTTPS' });
    secure.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 80,
      DefaultActions: [Match.objectLike({ Type: 'redirect' })],
    });
  });
});
