import { defineService, type Service } from '../../kernel/service.ts';
import { testDNSAnswer } from './operations/answers.ts';
import {
  createHealthCheck,
  deleteHealthCheck,
  getHealthCheck,
  getHealthCheckCount,
  listHealthChecks,
  updateHealthCheck,
} from './operations/health-checks.ts';
import { changeResourceRecordSets, getChange, listResourceRecordSets } from './operations/record-sets.ts';
import { changeTagsForResource, listTagsForResource, listTagsForResources } from './operations/tags.ts';
import { associateVPCWithHostedZone, disassociateVPCFromHostedZone, listHostedZonesByVPC } from './operations/vpcs.ts';
import {
  createHostedZone,
  deleteHostedZone,
  getHostedZone,
  getHostedZoneCount,
  listHostedZones,
  listHostedZonesByName,
  updateHostedZoneComment,
} from './operations/zones.ts';
import { healthCheck } from './resources/health-check.ts';
import { hostedZone } from './resources/hosted-zone.ts';
import { recordSet, recordSetGroup } from './resources/record-sets.ts';

/** Route 53. */
export const route53 = (): Service =>
  defineService('route53', {
    operations: {
      AssociateVPCWithHostedZone: associateVPCWithHostedZone,
      ChangeResourceRecordSets: changeResourceRecordSets,
      ChangeTagsForResource: changeTagsForResource,
      CreateHealthCheck: createHealthCheck,
      CreateHostedZone: createHostedZone,
      DeleteHealthCheck: deleteHealthCheck,
      DeleteHostedZone: deleteHostedZone,
      DisassociateVPCFromHostedZone: disassociateVPCFromHostedZone,
      GetChange: getChange,
      GetHealthCheck: getHealthCheck,
      GetHealthCheckCount: getHealthCheckCount,
      GetHostedZone: getHostedZone,
      GetHostedZoneCount: getHostedZoneCount,
      ListHealthChecks: listHealthChecks,
      ListHostedZones: listHostedZones,
      ListHostedZonesByName: listHostedZonesByName,
      ListHostedZonesByVPC: listHostedZonesByVPC,
      ListResourceRecordSets: listResourceRecordSets,
      ListTagsForResource: listTagsForResource,
      ListTagsForResources: listTagsForResources,
      TestDNSAnswer: testDNSAnswer,
      UpdateHealthCheck: updateHealthCheck,
      UpdateHostedZoneComment: updateHostedZoneComment,
    },
    resources: {
      'AWS::Route53::HealthCheck': healthCheck,
      'AWS::Route53::HostedZone': hostedZone,
      'AWS::Route53::RecordSet': recordSet,
      'AWS::Route53::RecordSetGroup': recordSetGroup,
    },
  });
