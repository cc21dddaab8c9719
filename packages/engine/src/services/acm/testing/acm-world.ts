import { expect } from 'vitest';
import { systemCertificateKeys } from '../../../edges/system-certificate-keys.ts';
import { defineService } from '../../../kernel/service.ts';
import { startLab } from '../../../testing/lab.ts';
import { route53 } from '../../route53/index.ts';
import { acm } from '../index.ts';

export const balancer = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/web/1';

/** ACM beside a load balancer whose listener has the certificates `used`. */
export function world() {
  const used: string[] = [];
  const elbv2 = defineService('elbv2', {
    operations: {
      DescribeLoadBalancers: () => ({ LoadBalancers: [{ LoadBalancerArn: balancer }] }),
      DescribeListeners: () => ({
        Listeners: [{ Certificates: used.map((CertificateArn) => ({ CertificateArn })) }],
      }),
    },
  });
  const lab = startLab({ services: () => [acm({ keys: systemCertificateKeys() }), elbv2, route53()] });
  return { lab, used };
}
export type Lab = ReturnType<typeof world>['lab'];

export const request = (lab: Lab, more: object = {}): string =>
  lab.acm.requestCertificate({ DomainName: 'www.example.com', ValidationMethod: 'DNS', ...more }).CertificateArn ?? '';
export const describe = (lab: Lab, CertificateArn: string) =>
  lab.acm.describeCertificate({ CertificateArn }).Certificate;
export const code = (name: string) => expect.objectContaining({ code: name });
