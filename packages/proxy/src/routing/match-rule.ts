import { BlockList, isIPv6 } from 'node:net';
import type { Field } from '../http1/fields.ts';
import type { Condition, QueryPair, Rule } from '../routing-table.ts';
import { matchesWildcard } from './wildcard.ts';

/** What of a request rules can look at. */
export interface RoutedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string | undefined;
  /** As sent, with its port if there is one. */
  readonly host: string;
  readonly fields: readonly Field[];
  /** Address of the connection. */
  readonly sourceIp: string;
}

export type RuleMatcher = (request: RoutedRequest) => Rule | undefined;

type Test = (request: RoutedRequest) => boolean;

/** Prepares a listener's rules once per table. The first rule whose conditions all hold is the one. */
export function compileRules(rules: readonly Rule[]): RuleMatcher {
  const compiled = rules.map((rule) => ({ rule, tests: rule.conditions.map(compileCondition) }));
  return (request) => compiled.find(({ tests }) => tests.every((test) => test(request)))?.rule;
}

function compileCondition(condition: Condition): Test {
  switch (condition.field) {
    case 'path-pattern':
      // ELBv2 compares paths with regard to case, and without the query.
      return ({ path }) => condition.values.some((pattern) => matchesWildcard(pattern, path));
    case 'host-header':
      return compileHost(condition.values);
    case 'http-header':
      return compileHeader(condition.name, condition.values);
    case 'query-string':
      return compileQuery(condition.values);
    case 'http-request-method':
      // No wildcards, with regard to case; HEAD is not GET.
      return ({ method }) => condition.values.includes(method);
    case 'source-ip':
      return compileSource(condition.values);
  }
}

function compileHost(values: readonly string[]): Test {
  const patterns = values.map((value) => value.toLowerCase());
  return ({ host }) => {
    const name = withoutPort(host).toLowerCase();
    return patterns.some((pattern) => matchesWildcard(pattern, name));
  };
}

/** The name of a Host header: `[::1]:80` gives `[::1]`. */
export function withoutPort(host: string): string {
  return host.replace(/:[0-9]*$/, '');
}

function compileHeader(name: string, values: readonly string[]): Test {
  const lower = name.toLowerCase();
  const patterns = values.map((value) => value.toLowerCase());
  return ({ fields }) =>
    fields.some((field) => {
      if (field.lower !== lower) return false;
      const value = field.value.toLowerCase();
      return patterns.some((pattern) => matchesWildcard(pattern, value));
    });
}

function compileQuery(pairs: readonly QueryPair[]): Test {
  const patterns = pairs.map(({ key, value }) => ({ key: key?.toLowerCase(), value: value.toLowerCase() }));
  return ({ query }) => {
    if (query === undefined) return false;
    return query
      .toLowerCase()
      .split('&')
      .some((pair) => {
        const equals = pair.indexOf('=');
        const key = equals < 0 ? pair : pair.slice(0, equals);
        const value = equals < 0 ? '' : pair.slice(equals + 1);
        return patterns.some(
          (pattern) =>
            (pattern.key === undefined || matchesWildcard(pattern.key, key)) && matchesWildcard(pattern.value, value),
        );
      });
  };
}

function compileSource(blocks: readonly string[]): Test {
  const list = new BlockList();
  for (const block of blocks) {
    const [address = '', prefix] = block.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    list.addSubnet(address, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
  }
  return ({ sourceIp }) => list.check(plainAddress(sourceIp), isIPv6(plainAddress(sourceIp)) ? 'ipv6' : 'ipv4');
}

/** An IPv4 client of a dual-stack listener shows as `::ffff:1.2.3.4`. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}
