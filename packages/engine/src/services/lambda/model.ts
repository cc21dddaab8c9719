import type * as sdk from '@aws-sdk/client-lambda';
import type { Cause } from '../../kernel/caller.ts';
import type { Context } from '../../kernel/context.ts';
import type { Known } from '../../kernel/known.ts';
import type { Handler as AnyHandler, Input, OperationName } from '../../kernel/operation.ts';
import { table } from '../../kernel/store.ts';

export type Sdk = typeof sdk;
export type Handler<Op extends OperationName<Sdk>> = AnyHandler<Sdk, Op, Context>;
export type In<Op extends OperationName<Sdk>> = Input<Sdk, Op>;

export type Configuration = Known<
  sdk.FunctionConfiguration,
  | 'FunctionName'
  | 'FunctionArn'
  | 'Runtime'
  | 'Role'
  | 'Handler'
  | 'CodeSha256'
  | 'CodeSize'
  | 'Timeout'
  | 'MemorySize'
  | 'Version'
  | 'RevisionId'
>;

/** What can be run: a configuration with its code. */
export interface Build {
  readonly configuration: Configuration;
  /** The blob with the zip. */
  readonly digest: string;
}

export interface FunctionRow {
  readonly name: string;
  readonly arn: string;
  /** As it was last changed, and as it is shown. */
  readonly latest: Build;
  /** What `$LATEST` runs: a change is served once it is in place. Nothing until the function is active. */
  readonly serving?: Build;
  /** Epoch milliseconds of the last change. */
  readonly changedAt: number;
  /** The highest version published so far; numbers are never used again. */
  readonly lastVersion: number;
  readonly reservedConcurrency?: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** A published version: a build that never changes. */
export interface VersionRow extends Build {
  readonly functionName: string;
  readonly version: string;
}

export type Alias = Known<sdk.AliasConfiguration, 'AliasArn' | 'Name' | 'FunctionVersion' | 'RevisionId'> & {
  readonly functionName: string;
};

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: '*' | { readonly Service?: string; readonly AWS?: string };
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The resource policy of a function, or of one of its versions or aliases. */
export interface PolicyRow {
  readonly functionName: string;
  readonly qualifier: string;
  readonly statements: readonly Statement[];
  readonly revisionId: string;
}

export type InvokeConfig = Known<sdk.FunctionEventInvokeConfig, 'FunctionArn' | 'LastModified'> & {
  readonly functionName: string;
  readonly qualifier: string;
};

/** An event that waits to be handed to a function, or is with it. Kept until it is answered or given up. */
export interface QueuedEvent {
  /** The request id of every attempt. */
  readonly id: string;
  readonly functionName: string;
  readonly qualifier?: string;
  readonly payload: Uint8Array;
  readonly receivedAt: number;
  readonly nextAttemptAt: number;
  /** Attempts that ended in an error of the function. */
  readonly failures: number;
  /** Times in a row that there was no room for it. */
  readonly throttles: number;
  readonly cause: Cause;
  readonly running: boolean;
}

/** Something that runs one build, for one event at a time. */
export interface EnvironmentRow {
  readonly id: string;
  readonly functionName: string;
  readonly version: string;
  readonly revisionId: string;
  readonly stream: string;
  readonly group: string;
  readonly logFormat: 'Text' | 'JSON';
  readonly accessKeyId: string;
  readonly startedAt: number;
  readonly lastUsedAt: number;
  /** The invocation that it is busy with. */
  readonly invocation?: string;
}

/** An event that is with a function now. */
export interface InvocationRow {
  readonly requestId: string;
  readonly functionName: string;
  readonly version: string;
  /** The alias or version that was called, for the metrics. */
  readonly resource: string;
  readonly environmentId: string;
  readonly queued: boolean;
  readonly requestedAt: number;
  /** Since when the handler has the event; undefined while the environment is still starting. */
  readonly startedAt?: number;
  /** The environment was started for it. */
  readonly cold: boolean;
  readonly timeout_ms: number;
  readonly cause: Cause;
}

export const functions = table<FunctionRow>('lambda/functions');
export const versions = table<VersionRow, 'function'>('lambda/versions', {
  indexes: { function: (version) => version.functionName },
});
export const aliases = table<Alias, 'function'>('lambda/aliases', {
  indexes: { function: (alias) => alias.functionName },
});
export const policies = table<PolicyRow, 'function'>('lambda/policies', {
  indexes: { function: (policy) => policy.functionName },
});
export const invokeConfigs = table<InvokeConfig, 'function'>('lambda/event-invoke-configs', {
  indexes: { function: (config) => config.functionName },
});
export const queuedEvents = table<QueuedEvent, 'function'>('lambda/queued-events', {
  indexes: { function: (event) => event.functionName },
});
export const environments = table<EnvironmentRow, 'function'>('lambda/environments', {
  indexes: { function: (environment) => environment.functionName },
});
export const invocations = table<InvocationRow, 'function'>('lambda/invocations', {
  indexes: { function: (invocation) => invocation.functionName },
});

/** Which function keeps which code. Code is one store for all accounts and regions. */
export interface CodeUse {
  readonly user: string;
  readonly digest: string;
}

export const codeUses = table<CodeUse, 'user' | 'digest'>('lambda/code-uses', {
  scope: 'global',
  indexes: { user: (use) => use.user, digest: (use) => use.digest },
});

export const latestVersion = '$LATEST';
export const qualifiedKey = (name: string, qualifier: string): string => `${name}:${qualifier}`;
export const functionArn = ({ scope }: Pick<Context, 'scope'>, name: string): string =>
  `arn:aws:lambda:${scope.region}:${scope.account}:function:${name}`;
