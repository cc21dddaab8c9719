import type { Scope } from '../../kernel/scope.ts';
import { type Fields, type Template, templateError } from './template.ts';

/** Stands for what only exists once the stack has been applied: the id of a resource still to be created. */
export const notKnown: unique symbol = Symbol('known after apply');
/** How change sets write it. As a parameter's value it stands for itself: a nested stack is compared before its parent's outputs are known. */
export const notKnownText = '{{changeSet:KNOWN_AFTER_APPLY}}';
/** What `{"Ref": "AWS::NoValue"}` resolves to: the property or item that holds it is left out. */
export const noValue: unique symbol = Symbol('no value');

/** A resource as functions see it. Either answer may be `notKnown`; an attribute that it does not have is undefined. */
export interface ResourceValues {
  readonly id: unknown;
  attribute(name: string): unknown;
}

/** What the functions of a template are resolved against. */
export interface Environment {
  /** The value of a parameter or pseudo parameter; undefined where there is none of the name. */
  parameter(name: string): unknown;
  resource(logicalId: string): ResourceValues | undefined;
  condition(name: string): boolean;
  mapping(name: string): Fields | undefined;
  /** The value of another stack's export. */
  exported(name: string): unknown;
  zones(region: string): readonly string[];
}

export interface StackIdentity {
  readonly scope: Scope;
  readonly stackId: string;
  readonly stackName: string;
  readonly notificationArns?: readonly string[];
}

export interface Surroundings {
  readonly identity: StackIdentity;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly resource: (logicalId: string) => ResourceValues | undefined;
  readonly exported: (name: string) => unknown;
  readonly zones: (region: string) => readonly string[];
}

/** The environment of one stack: its template's mappings and conditions, and what surrounds it. `evaluate` says whether a condition holds. */
export function environmentWith(
  evaluate: (value: unknown, environment: Environment) => boolean,
  template: Template,
  around: Surroundings,
): Environment {
  const pseudo = pseudoParameters(around.identity);
  const outcomes = new Map<string, boolean | 'evaluating'>();
  const environment: Environment = {
    parameter: (name) => (Object.hasOwn(around.parameters, name) ? around.parameters[name] : pseudo[name]),
    resource: around.resource,
    mapping: (name) => (Object.hasOwn(template.mappings, name) ? template.mappings[name] : undefined),
    exported: around.exported,
    zones: around.zones,
    condition(name) {
      const known = outcomes.get(name);
      if (typeof known === 'boolean') return known;
      if (known === 'evaluating') throw templateError(`Template error: the condition ${name} depends on itself`);
      if (!Object.hasOwn(template.conditions, name))
        throw templateError(`Template format error: Unresolved condition dependency ${name} in the template`);
      outcomes.set(name, 'evaluating');
      const outcome = evaluate(template.conditions[name], environment);
      outcomes.set(name, outcome);
      return outcome;
    },
  };
  return environment;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
export function pseudoParameters({ scope, stackId, stackName, notificationArns = [] }: StackIdentity): Fields {
  return {
    'AWS::AccountId': scope.account,
    'AWS::NoValue': noValue,
    'AWS::NotificationARNs': notificationArns,
    'AWS::Partition': partitionOf(scope.region),
    'AWS::Region': scope.region,
    'AWS::StackId': stackId,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': scope.region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com',
  };
}

export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
