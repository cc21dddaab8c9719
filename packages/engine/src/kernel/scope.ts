/** Where a resource lives. Two scopes never see each other's rows. */
export interface Scope {
  readonly account: string;
  readonly region: string;
}

export const scopeKey = ({ account, region }: Scope): string => `${account}/${region}`;

export function parseScopeKey(key: string): Scope {
  const [account = '', region = ''] = key.split('/');
  return { account, region };
}
