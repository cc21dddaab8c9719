import { createHash } from 'node:crypto';
import type { DomainValidation, DomainValidationOption, ResourceRecord } from '@aws-sdk/client-acm';
import { unknownDomain, wrongValidationDomain } from './errors.ts';
import type { Certificate } from './model.ts';

/**
 * The record that proves whose a domain is: the same for the same account and domain, and for a domain and its wildcard, whenever it is asked for.
 * Source: https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
 */
export function validationRecord(domain: string, account: string): ResourceRecord {
  const bare = domain.replace(/^\*\./, '');
  const digest = (what: string) => createHash('sha256').update(`${what}/${account}/${bare}`).digest();
  const letters = [...digest('zone').subarray(0, 10)].map((byte) => String.fromCharCode(97 + (byte % 26))).join('');
  return {
    Name: `_${digest('name').toString('hex').slice(0, 32)}.${bare}.`,
    Type: 'CNAME',
    Value: `_${digest('value').toString('hex').slice(0, 32)}.${letters}.acm-validations.aws.`,
  };
}

const mailboxes = ['admin', 'administrator', 'hostmaster', 'postmaster', 'webmaster'];

/** How each name of a certificate was validated. An imported one only names them. */
export function validationsOf({ names, validation }: Certificate, account: string): DomainValidation[] {
  if (!validation) return names.map((DomainName) => ({ DomainName }));
  const { method, domains } = validation;
  return names.map((DomainName) => {
    const ValidationDomain = domains[DomainName] ?? DomainName;
    const bare = ValidationDomain.replace(/^\*\./, '');
    return {
      DomainName,
      ValidationDomain,
      ValidationMethod: method,
      ValidationStatus: 'SUCCESS',
      ...(method === 'EMAIL' ? { ValidationEmails: mailboxes.map((name) => `${name}@${bare}`) } : {}),
      ...(method === 'DNS' ? { ResourceRecord: validationRecord(DomainName, account) } : {}),
    };
  });
}

/** Where mails are to go instead of to a domain itself: to one above it. */
export function checkValidationDomains(
  options: readonly DomainValidationOption[],
  names: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    options.map(({ DomainName = '', ValidationDomain = '' }) => {
      const domain = DomainName.toLowerCase();
      if (!names.includes(domain)) throw unknownDomain(DomainName);
      const isAbove = domain === ValidationDomain || domain.endsWith(`.${ValidationDomain}`);
      if (!isAbove) throw wrongValidationDomain(DomainName, ValidationDomain);
      return [domain, ValidationDomain];
    }),
  );
}
