import type { Context } from '../../../kernel/context.ts';
import type { AnyHandler } from '../../../kernel/service.ts';
import { invalidArgument, notConfigured } from '../errors.ts';
import { buckets } from '../model.ts';
import { requireBucket } from './buckets.ts';

type Members = Readonly<Record<string, unknown>>;

/** Kinds of configuration of which a bucket has several, told apart by their ids: the middle of the operations' names, and the member that carries one. */
const kinds = [
  { name: 'Metrics', member: 'MetricsConfiguration' },
  { name: 'Analytics', member: 'AnalyticsConfiguration' },
  { name: 'Inventory', member: 'InventoryConfiguration' },
  { name: 'IntelligentTiering', member: 'IntelligentTieringConfiguration' },
] as const;

type Kind = (typeof kinds)[number];

const ofKind = (context: Context, { member }: Kind, input: Members) => {
  const bucket = requireBucket(context, input['Bucket'] as string);
  return { bucket, kept: (bucket.configurations[member] ?? {}) as Readonly<Record<string, unknown>> };
};

function keep(context: Context, kind: Kind, input: Members, change: (kept: Members) => Members): object {
  const { bucket, kept } = ofKind(context, kind, input);
  const configurations = { ...bucket.configurations, [kind.member]: change(kept) };
  context.store.table(buckets).put(bucket.name, { ...bucket, configurations });
  return {};
}

const requireKept = (context: Context, kind: Kind, input: Members): unknown => {
  const found = ofKind(context, kind, input).kept[String(input['Id'])];
  if (found === undefined) throw notConfigured('NoSuchConfiguration', 'The specified configuration does not exist.');
  return found;
};

const operationsOf = (kind: Kind): readonly (readonly [string, AnyHandler])[] => [
  [
    `PutBucket${kind.name}Configuration`,
    (input: Members, context) => {
      const value = input[kind.member] as { readonly Id?: string };
      if (value.Id !== input['Id']) throw invalidArgument('The ID in the request does not match the configuration');
      return keep(context, kind, input, (kept) => ({ ...kept, [String(input['Id'])]: value }));
    },
  ],
  [
    `GetBucket${kind.name}Configuration`,
    (input: Members, context) => ({ [kind.member]: requireKept(context, kind, input) }),
  ],
  [
    `DeleteBucket${kind.name}Configuration`,
    (input: Members, context) => {
      requireKept(context, kind, input);
      return keep(context, kind, input, ({ [String(input['Id'])]: _, ...rest }) => rest);
    },
  ],
  [
    `ListBucket${kind.name}Configurations`,
    (input: Members, context) => ({
      IsTruncated: false,
      [`${kind.member}List`]: Object.entries(ofKind(context, kind, input).kept)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, value]) => value),
    }),
  ],
];

/** Their operations by name. What they ask for (reports, metrics, moving between tiers) is kept, not done. */
export const namedConfigurationOperations: Readonly<Record<string, AnyHandler>> = Object.fromEntries(
  kinds.flatMap(operationsOf),
);
