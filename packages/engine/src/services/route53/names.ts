/** A name as Route 53 keeps it: in lower case, with its dot, and what is not a letter, digit, hyphen, underscore or dot as octal escapes (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html). */
export function normalName(name: string): string {
  const escaped = name
    .toLowerCase()
    .replace(/\\\d{3}|[^a-z0-9._-]/g, (found) => (found.startsWith('\\') && found.length > 1 ? found : octal(found)));
  return escaped.endsWith('.') ? escaped : `${escaped}.`;
}

const octal = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');

export const isWithin = (name: string, zone: string): boolean => name === zone || name.endsWith(`.${zone}`);

/** Names sort by their labels from the right, each with its dot: `com.example.www.` (API reference of ListResourceRecordSets). */
export const sortableName = (name: string): string => `${name.replace(/\.$/, '').split('.').reverse().join('.')}.`;

export const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
export const compareNames = (a: string, b: string): number => compareTexts(sortableName(a), sortableName(b));

const label = /^(?:[a-z0-9_-]|\\\d{3}){1,63}$/;

export function isDomainName(name: string): boolean {
  const labels = normalName(name).slice(0, -1).split('.');
  return name.length <= 255 && labels.every((each) => label.test(each));
}

/** Ids are told with what they are ids of, and may be given so: `/hostedzone/Z1`. */
export const bareId = (id: string): string => id.slice(id.lastIndexOf('/') + 1);
