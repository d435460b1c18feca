import { NOMINAL, type Price, TRAVERSAL } from '../cost/prices.ts';
import { exactly, scale } from '../cost/range.ts';
import { sizeOf } from '../cost/sizes.ts';
import { type Frame, labour, traversal } from '../frame.ts';
import { listOf, NAMED_FORMAT, optionalOf, STRING } from '../types.ts';
import { readUrl } from '../url.ts';
import { CelError, NONE, Opaque, Optional, type Value } from '../values.ts';
import { type FunctionDeclaration, global, member } from './declaration.ts';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${QUALIFIED})?`;
const MAX_LABEL = 63;
const MAX_SUBDOMAIN = 253;
/** Length of the pattern that estimates assume. */
const MAX_PATTERN = 128;
const PATTERN_UNIT = 0.25;

type Check = (text: string) => string[];

/** A named format; `weight` is the length of the pattern that its price assumes. */
export class NamedFormat extends Opaque {
  readonly $kind = 'kubernetes.NamedFormat';
  readonly $name: string;
  readonly $weight: number;
  readonly $check: Check;

  constructor(name: string, weight: number, check: Check) {
    super();
    this.$name = name;
    this.$weight = weight;
    this.$check = check;
  }

  $equals(other: Opaque): boolean {
    return other instanceof NamedFormat && other.$name === this.$name;
  }
}

const explain = (rule: string, pattern: string, ...examples: string[]): string =>
  `${rule} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}regex used for validation is '${pattern}')`;

/** Patterns that repeat one class of characters or are anchored by dots: none goes back over what it has read. */
const shape = (rule: string, pattern: string, most: number, ...examples: string[]): Check => {
  const whole = new RegExp(`^(?:${pattern})$`);
  const message = explain(rule, pattern, ...examples);
  return (text) => [
    ...(text.length > most ? [`must be no more than ${most} characters`] : []),
    ...(text.length > 4 * most || !whole.test(text) ? [message] : []),
  ];
};

const ENDS = 'and must start and end with an alphanumeric character';
const ANY_LETTERS = `consist of alphanumeric characters, '-', '_' or '.', ${ENDS}`;

const label = shape(
  `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', ${ENDS}`,
  LABEL,
  MAX_LABEL,
  'my-name',
  '123-abc',
);
const subdomain = shape(
  `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', ${ENDS}`,
  SUBDOMAIN,
  MAX_SUBDOMAIN,
  'example.com',
);
const label1035 = shape(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  LABEL_1035,
  MAX_LABEL,
  'my-name',
  'abc-123',
);
const labelValue = shape(
  `a valid label must be an empty string or ${ANY_LETTERS}`,
  LABEL_VALUE,
  MAX_LABEL,
  'MyValue',
  'my_value',
  '12345',
);
const namePart = shape(`must ${ANY_LETTERS}`, QUALIFIED, MAX_LABEL, 'MyName', 'my.name', '123-abc');

export const isLabel = (text: string): boolean => label(text).length === 0;
export const isSubdomain = (text: string): boolean => subdomain(text).length === 0;

function qualifiedName(text: string): string[] {
  const parts = text.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.length > 2) {
    const rule = explain(`a qualified name must ${ANY_LETTERS}`, QUALIFIED, 'MyName', 'my.name', '123-abc');
    return [`${rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const prefix = parts.length === 2 ? parts[0] : undefined;
  const inPrefix = prefix === undefined ? [] : prefix === '' ? ['must be non-empty'] : subdomain(prefix);
  const inName = [...(name === '' ? ['must be non-empty'] : []), ...namePart(name)];
  return [...inPrefix.map((message) => `prefix part ${message}`), ...inName.map((message) => `name part ${message}`)];
}

/** Of a prefix for generated names the last dash does not count. */
const asPrefix =
  (check: Check): Check =>
  (text) =>
    check(text.length > 1 && text.endsWith('-') ? `${text.slice(0, -2)}a` : text);

const matching =
  (pattern: RegExp, message: string): Check =>
  (text) =>
    pattern.test(text) ? [] : [message];

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;
const TIME = /^(\d\d):(\d\d):(\d\d)(?:.\d+)?(?:z|[+-]\d\d:\d\d)$/;

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (match === null) return false;
  const [, year, month, day] = match.map(Number) as [number, number, number, number];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function isDateTime(text: string): boolean {
  const [date = '', time = ''] = text.toLowerCase().split('t');
  const match = TIME.exec(time);
  return isDate(date) && match !== null && Number(match[1]) < 24 && Number(match[2]) < 60 && Number(match[3]) < 60;
}

function uri(text: string): string[] {
  const url = readUrl(text);
  return url instanceof CelError ? [url.$message] : [];
}

const FORMATS: Readonly<Record<string, NamedFormat>> = {
  dns1123Label: new NamedFormat('DNS1123Label', 30, label),
  dns1123Subdomain: new NamedFormat('DNS1123Subdomain', 60, subdomain),
  dns1035Label: new NamedFormat('DNS1035Label', 30, label1035),
  qualifiedName: new NamedFormat('QualifiedName', 60, qualifiedName),
  dns1123LabelPrefix: new NamedFormat('DNS1123LabelPrefix', 30, asPrefix(label)),
  dns1123SubdomainPrefix: new NamedFormat('DNS1123SubdomainPrefix', 60, asPrefix(subdomain)),
  dns1035LabelPrefix: new NamedFormat('DNS1035LabelPrefix', 30, asPrefix(label1035)),
  labelValue: new NamedFormat('LabelValue', 40, labelValue),
  uri: new NamedFormat('URI', 1_120, uri),
  uuid: new NamedFormat('uuid', 70, matching(UUID, 'does not match the UUID format')),
  byte: new NamedFormat('byte', 84, matching(BASE64, 'invalid base64')),
  date: new NamedFormat('date', 71, (text) => (isDate(text) ? [] : ['invalid date'])),
  datetime: new NamedFormat('datetime', 71, (text) => (isDateTime(text) ? [] : ['invalid datetime'])),
};

const VALIDATION: Price = {
  pay: (format, text) => {
    const weight = format instanceof NamedFormat ? format.$weight : MAX_PATTERN;
    return Math.ceil((1 + sizeOf(text)) * TRAVERSAL) * Math.ceil(weight * PATTERN_UNIT);
  },
  estimate: (operands) => ({
    cost: scale(scale(operands[1]?.size ?? exactly(0), TRAVERSAL), MAX_PATTERN * PATTERN_UNIT),
  }),
};

function validate(frame: Frame, format: NamedFormat, text: string): Value {
  labour(frame, traversal(text.length));
  const problems = format.$check(text);
  return problems.length === 0 ? NONE : new Optional(problems);
}

function named(name: string): Value {
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  return format === undefined ? NONE : new Optional(format);
}

/** Kubernetes' named formats: `format.dns1123Label().validate(text)` gives what is wrong, if anything. */
export const FORMAT_FUNCTIONS: FunctionDeclaration[] = [
  ...Object.entries(FORMATS).map(([name, format]) => global(`format.${name}`, [], NAMED_FORMAT, () => format, NOMINAL)),
  global('format.named', [STRING], optionalOf(NAMED_FORMAT), (_, name) => named(name)),
  member('validate', [NAMED_FORMAT, STRING], optionalOf(listOf(STRING)), validate, VALIDATION),
];
