import type { CertificateStatus, RenewalEligibility } from '@aws-sdk/client-acm';
import type { Context } from '../../kernel/context.ts';
import { certificateNotFound } from './errors.ts';
import { type Certificate, certificates } from './model.ts';
import { readCertificate } from './x509/read-certificate.ts';

export function requireCertificate({ store, scope }: Context, arn: string | undefined): Certificate {
  const found = store.table(certificates).get(arn ?? '');
  if (!found) throw certificateNotFound(arn ?? '', scope.account);
  return found;
}

export const putCertificate = ({ store }: Context, certificate: Certificate): Certificate =>
  store.table(certificates).put(certificate.arn, certificate);

/** What uses each certificate: load balancers, by their listeners. */
export function usersOf({ elbv2 }: Context): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const { LoadBalancerArn = '' } of elbv2.describeLoadBalancers({}).LoadBalancers ?? [])
    for (const { Certificates = [] } of elbv2.describeListeners({ LoadBalancerArn }).Listeners ?? [])
      for (const { CertificateArn = '' } of Certificates) {
        const known = users.get(CertificateArn) ?? [];
        if (!known.includes(LoadBalancerArn)) users.set(CertificateArn, [...known, LoadBalancerArn]);
      }
  return users;
}

export const statusOf = ({ certificate }: Certificate, now: number): CertificateStatus =>
  readCertificate(certificate).notAfter.getTime() < now ? 'EXPIRED' : 'ISSUED';

/** ACM renews what it issued and what is used or was exported: https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html */
export const eligibilityOf = (certificate: Certificate, isInUse: boolean): RenewalEligibility =>
  certificate.type === 'AMAZON_ISSUED' && (isInUse || certificate.wasExported) ? 'ELIGIBLE' : 'INELIGIBLE';
