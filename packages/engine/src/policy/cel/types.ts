/**
 * A type as the checker knows it. Names are those that `type()` prints; a name that begins with `%` is a type
 * parameter (`%A`) or a variable of inference (`%1`).
 */
export interface CelType {
  readonly name: string;
  readonly parameters: readonly CelType[];
  /** Fields that its values have, each with its type; any other is refused. Absent for types that have none of their own. */
  readonly fields?: ReadonlyMap<string, CelType>;
}

const simple = (name: string): CelType => ({ name, parameters: [] });

export const DYN = simple('dyn');
export const NULL = simple('null_type');
export const BOOL = simple('bool');
export const INT = simple('int');
export const UINT = simple('uint');
export const DOUBLE = simple('double');
export const STRING = simple('string');
export const BYTES = simple('bytes');
export const TIMESTAMP = simple('google.protobuf.Timestamp');
export const DURATION = simple('google.protobuf.Duration');

export const QUANTITY = simple('kubernetes.Quantity');
export const IP = simple('net.IP');
export const CIDR = simple('net.CIDR');
export const URL_TYPE = simple('kubernetes.URL');
export const SEMVER = simple('kubernetes.Semver');
export const NAMED_FORMAT = simple('kubernetes.NamedFormat');
export const AUTHORIZER = simple('kubernetes.authorization.Authorizer');
export const PATH_CHECK = simple('kubernetes.authorization.PathCheck');
export const GROUP_CHECK = simple('kubernetes.authorization.GroupCheck');
export const RESOURCE_CHECK = simple('kubernetes.authorization.ResourceCheck');
export const DECISION = simple('kubernetes.authorization.Decision');

/** Type parameters of declarations. */
export const A = simple('%A');
export const B = simple('%B');

export const listOf = (element: CelType): CelType => ({ name: 'list', parameters: [element] });
export const mapOf = (key: CelType, value: CelType): CelType => ({ name: 'map', parameters: [key, value] });
export const optionalOf = (value: CelType): CelType => ({ name: 'optional_type', parameters: [value] });
export const typeOf = (type: CelType): CelType => ({ name: 'type', parameters: [type] });

export const isParameter = (type: CelType): boolean => type.name.charCodeAt(0) === 37;

/** Types that have a name in expressions: what `type(x)` is compared with. */
export const NAMED_TYPES: ReadonlyMap<string, CelType> = new Map(
  [
    BOOL,
    INT,
    UINT,
    DOUBLE,
    STRING,
    BYTES,
    NULL,
    TIMESTAMP,
    DURATION,
    QUANTITY,
    IP,
    CIDR,
    URL_TYPE,
    SEMVER,
    NAMED_FORMAT,
    listOf(DYN),
    mapOf(DYN, DYN),
    optionalOf(DYN),
    typeOf(DYN),
  ].map((type) => [type.name, type]),
);

/** Types that declared variables may have, by name. */
const DECLARABLE: ReadonlyMap<string, CelType> = new Map(
  [DYN, AUTHORIZER, PATH_CHECK, GROUP_CHECK, RESOURCE_CHECK, DECISION].map((type) => [type.name, type]),
);

/** `map(string, list(int))`, as error messages write types. */
export function formatType({ name, parameters }: CelType): string {
  if (isParameter({ name, parameters })) return 'dyn';
  return parameters.length === 0 ? name : `${name}(${parameters.map(formatType).join(', ')})`;
}

/** Reads a type as `formatType` writes it; undefined where there is none of that name. */
export function parseType(text: string): CelType | undefined {
  const open = text.indexOf('(');
  const name = (open < 0 ? text : text.slice(0, open)).trim();
  const base = NAMED_TYPES.get(name) ?? DECLARABLE.get(name);
  if (base === undefined || open < 0) return base;
  const inner = text.trim().slice(open + 1, -1);
  const parts: string[] = [];
  let depth = 0;
  let begin = 0;
  for (let index = 0; index <= inner.length; index++) {
    const character = inner[index];
    if (character === '(') depth++;
    else if (character === ')') depth--;
    else if ((character === ',' && depth === 0) || character === undefined) {
      parts.push(inner.slice(begin, index));
      begin = index + 1;
    }
  }
  const parameters = parts.map(parseType);
  const isWhole = parameters.length === base.parameters.length && parameters.every((type) => type !== undefined);
  return isWhole ? { name: base.name, parameters: parameters as CelType[] } : undefined;
}
