/** The links that AWS puts into what it sends: they need no signature. */
const link = (endpoint: string, parameters: Readonly<Record<string, string>>): string =>
  `${endpoint}/?${new URLSearchParams({ ...parameters, Version: '2010-03-31' })}`;

export const confirmLink = (
  endpoint: string,
  { topicArn, token }: { readonly topicArn: string; readonly token: string },
): string => link(endpoint, { Action: 'ConfirmSubscription', TopicArn: topicArn, Token: token });

export const unsubscribeLink = (endpoint: string, { arn }: { readonly arn: string }): string =>
  link(endpoint, { Action: 'Unsubscribe', SubscriptionArn: arn });
