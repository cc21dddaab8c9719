import { isIPv4, isIPv6 } from 'node:net';
import type { RecordSet } from './model.ts';
import { isDomainName } from './names.ts';

const values_max = 400;
const string_max = 255;

/** What is wrong with the values of a set, in Route 53's words. */
export function valueProblems({ Type, ResourceRecords = [] }: RecordSet): string[] {
  if (ResourceRecords.length > values_max) return [`Cannot have more than ${values_max} records in a RRSet.`];
  const values = ResourceRecords.map(({ Value = '' }) => Value);
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) return [`Duplicate Resource Record: '${twice}'`];
  return values.flatMap((value) => {
    const problem = checks[Type]?.(value);
    return problem ? [`Invalid Resource Record: 'FATAL problem: ${problem} encountered with '${value}''`] : [];
  });
}

type Check = (value: string) => string | undefined;

const checks: Readonly<Record<string, Check>> = {
  A: (value) => (isIPv4(value) ? undefined : 'ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)'),
  AAAA: (value) => (isIPv6(value) ? undefined : 'AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)'),
  CNAME: (value) => checkName(value),
  NS: (value) => checkName(value),
  PTR: (value) => checkName(value),
  TXT: (value) => checkStrings(value),
  SPF: (value) => checkStrings(value),
  MX: (value) => (/^\d+ +\S+$/.test(value) ? undefined : "MXRRDATANotTwoFields (MX record doesn't have 2 fields)"),
  SRV: (value) =>
    /^\d+ +\d+ +\d+ +\S+$/.test(value) ? undefined : "SRVRRDATANotFourFields (SRV record doesn't have 4 fields)",
};

function checkName(value: string): string | undefined {
  if (value === '') return 'DomainNameEmpty (Domain name is empty)';
  return isDomainName(value) ? undefined : 'DomainLabelInvalid (Domain name is not valid)';
}

const quoted = /"(?:[^"\\]|\\.)*"/g;

function checkStrings(value: string): string | undefined {
  if (value.replaceAll(quoted, '').trim() !== '' || !value.includes('"'))
    return 'InvalidCharacterString (Value should be enclosed in quotation marks)';
  const isLong = (value.match(quoted) ?? []).some((text) => text.length - 2 > string_max);
  return isLong ? 'CharacterStringTooLong (Value is too long)' : undefined;
}
