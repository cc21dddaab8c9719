import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnListener, CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import { accept } from '../accept.ts';
import { Concern } from '../concern.ts';
import { describe } from '../describe.ts';

export interface LoadBalancerSettings {
  /** A certificate in ACM: listen with HTTPS on 443 and send 80 there. Without it, plain HTTP on 80. */
  readonly certificateArn?: string;
  /** Who may connect. Default everybody. */
  readonly from?: readonly string[];
  /** Seconds of silence after which a connection is closed. Default 60. */
  readonly idleTimeoutSeconds?: number;
  /** Write a line per request into the platform's bucket. Default false. */
  readonly accessLogs?: boolean;
}

interface Surroundings {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly logBucketName: string | undefined;
}

/** The one door to the services: a load balancer whose listener each service adds a rule to. */
export class LoadBalancerStack extends Concern {
  readonly dnsName: string;
  /** `app/<name>/<id>`, the dimension of its metrics. */
  readonly fullName: string;
  readonly url: string;
  readonly listenerArn: string;
  readonly securityGroupId: string;

  constructor(scope: Construct, settings: LoadBalancerSettings, surroundings: Surroundings) {
    super(scope, 'LoadBalancer', {
      logicalId: 'LoadBalancer',
      description: 'The door to the services',
    });
    const port = settings.certificateArn === undefined ? 80 : 443;
    const securityGroup = this.addSecurityGroup(settings, surroundings.vpcId);
    const loadBalancer = new CfnLoadBalancer(this, 'LoadBalancer', {
      type: 'application',
      scheme: 'internet-facing',
      ipAddressType: 'ipv4',
      subnets: [...surroundings.subnetIds],
      securityGroups: [securityGroup.attrGroupId],
      loadBalancerAttributes: attributes(settings, surroundings.logBucketName),
    });
    describe(loadBalancer, 'takes the requests and spreads them over healthy containers');
    if (!settings.accessLogs) {
      accept(loadBalancer, {
        'AwsSolutions-ELB2': 'access logs are stored per request and billed; loadBalancer.accessLogs turns them on',
      });
    }
    this.listenerArn = this.addListeners(loadBalancer.ref, settings.certificateArn);
    this.dnsName = loadBalancer.attrDnsName;
    this.fullName = loadBalancer.attrLoadBalancerFullName;
    this.url = `${port === 443 ? 'https' : 'http'}://${loadBalancer.attrDnsName}`;
    this.securityGroupId = securityGroup.attrGroupId;
  }

  private addSecurityGroup({ certificateArn, from = ['0.0.0.0/0'] }: LoadBalancerSettings, vpcId: string) {
    const ports = certificateArn === undefined ? [80] : [80, 443];
    const securityGroup = new CfnSecurityGroup(this, 'SecurityGroup', {
      groupDescription: 'Who may connect to the load balancer',
      vpcId,
      securityGroupIngress: ports.flatMap((port) =>
        from.map((cidrIp) => ({
          ipProtocol: 'tcp',
          fromPort: port,
          toPort: port,
          cidrIp,
          description: `clients on port ${port}`,
        })),
      ),
      // EC2 lets everything out of a group that has no egress rule. Each service adds the one that reaches it.
      securityGroupEgress: [
        {
          ipProtocol: 'icmp',
          fromPort: 252,
          toPort: 86,
          cidrIp: '255.255.255.255/32',
          description: 'nothing leaves but what the services add',
        },
      ],
    });
    describe(securityGroup, 'admits clients to the load balancer, and it to nothing but the services');
    accept(securityGroup, {
      'AwsSolutions-EC23': 'a public service is reached from everywhere; loadBalancer.from narrows it',
    });
    return securityGroup;
  }

  private addListeners(loadBalancerArn: string, certificateArn: string | undefined): string {
    const nobody = {
      type: 'fixed-response',
      fixedResponseConfig: { statusCode: '404', contentType: 'text/plain', messageBody: 'no service answers here' },
    };
    if (certificateArn === undefined) {
      const listener = new CfnListener(this, 'Listener', {
        loadBalancerArn,
        port: 80,
        protocol: 'HTTP',
        defaultActions: [nobody],
      });
      return describe(listener, 'listens on port 80 and follows the rules of the services').ref;
    }
    const redirect = new CfnListener(this, 'Redirect', {
      loadBalancerArn,
      port: 80,
      protocol: 'HTTP',
      defaultActions: [
        { type: 'redirect', redirectConfig: { protocol: 'HTTPS', port: '443', statusCode: 'HTTP_301' } },
      ],
    });
    describe(redirect, 'sends plain HTTP to HTTPS');
    const listener = new CfnListener(this, 'Listener', {
      loadBalancerArn,
      port: 443,
      protocol: 'HTTPS',
      sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      certificates: [{ certificateArn }],
      defaultActions: [nobody],
    });
    return describe(listener, 'listens on port 443 and follows the rules of the services').ref;
  }
}

function attributes(settings: LoadBalancerSettings, logBucketName: string | undefined) {
  const logs = settings.accessLogs && logBucketName !== undefined;
  return Object.entries({
    'idle_timeout.timeout_seconds': String(settings.idleTimeoutSeconds ?? 60),
    'routing.http.drop_invalid_header_fields.enabled': 'true',
    ...(logs && {
      'access_logs.s3.enabled': 'true',
      'access_logs.s3.bucket': logBucketName,
      'access_logs.s3.prefix': 'access-logs',
    }),
  }).map(([key, value]) => ({ key, value }));
}
