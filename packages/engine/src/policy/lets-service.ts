import { says } from './evaluate.ts';

/** A service of AWS's that wants something of a resource, for itself or on behalf of another resource. */
export interface ServiceDeed {
  readonly action: string;
  readonly resource: string;
  /** `events.amazonaws.com` */
  readonly service: string;
  readonly account: string;
  readonly sourceArn?: string | undefined;
  /** Context keys that only this deed has, in lower case. */
  readonly more?: Readonly<Record<string, string | undefined>>;
}

/** Whether a resource's policy lets a service do it. A service has no identity in the account that could allow it anything, so the resource must. */
export function letsService(document: string, { service, account, sourceArn, more, ...asked }: ServiceDeed): boolean {
  const facts: Readonly<Record<string, string | undefined>> = {
    'aws:sourcearn': sourceArn,
    'aws:sourceaccount': account,
    'aws:securetransport': 'true',
    ...more,
  };
  const keys = (name: string) => {
    const fact = facts[name];
    return fact === undefined ? undefined : [fact];
  };
  const deed = { ...asked, principal: { account, arn: service, service }, keys };
  const policy = { name: asked.resource, document };
  return says(policy, 'Deny', deed).length === 0 && says(policy, 'Allow', deed).length > 0;
}
