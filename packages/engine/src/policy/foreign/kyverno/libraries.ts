import { type FunctionDeclaration, global, member } from '../../cel/functions/declaration.ts';
import { tabulate } from '../../cel/functions/index.ts';
import { BOOL, type CelType, DYN, STRING } from '../../cel/types.ts';
import { adapt, CelError, CelUnknown, isJsonMap, Opaque, type Value } from '../../cel/values.ts';
import { type ImageReference, parseImageReference } from './image-reference.ts';

const LOOKUP: CelType = { name: 'kyverno.Lookup', parameters: [] };
const IMAGE: CelType = { name: 'kyverno.Image', parameters: [] };

/** Answers the functions of one of Kyverno's libraries that look outside: `resource`, `image`, `globalContext`, `http`. */
export class LibraryLookup extends Opaque {
  readonly $kind = 'kyverno.Lookup';
  readonly $name: string;
  readonly $answer: (method: string, operands: readonly Value[]) => Value | undefined;

  constructor(name: string, answer: (method: string, operands: readonly Value[]) => Value | undefined) {
    super();
    this.$name = name;
    this.$answer = answer;
  }

  /** What was asked for is unknown, by the name of the function, where nothing answers. */
  $ask(method: string, operands: readonly Value[]): Value {
    return this.$answer(method, operands) ?? new CelUnknown([`${this.$name}.${method}(${shown(operands)})`]);
  }

  $equals(other: Opaque): boolean {
    return other === this;
  }
}

const shown = (operands: readonly Value[]): string =>
  operands.flatMap((operand) => (typeof operand === 'string' ? [operand.slice(0, 80)] : [])).join(', ');

/** Functions that look something up, with the numbers of operands that they are called with. */
const LOOKUPS: readonly (readonly [name: string, counts: readonly number[]])[] = [
  ['Get', [1, 2, 3, 4]],
  ['List', [2, 3, 4]],
  ['Post', [2, 3, 4]],
  ['Client', [1]],
  ['GetMetadata', [1]],
  ['GetImageData', [1]],
];

/** Functions of Kyverno that we do not evaluate: what calls one stays unknown. */
const NOT_EVALUATED: readonly (readonly [name: string, style: 'global' | 'member', counts: readonly number[]])[] = [
  ['verifyImageSignatures', 'global', [2]],
  ['verifyAttestationSignatures', 'global', [3]],
  ['getImageData', 'global', [1]],
  ['extractPayload', 'global', [2]],
  ['payload', 'global', [2]],
  ['md5', 'global', [1]],
  ['sha1', 'global', [1]],
  ['sha256', 'global', [1]],
  ['random', 'global', [0, 1]],
  ['x509.decode', 'global', [1]],
  ['yaml.parse', 'global', [1]],
  ['time.now', 'global', [0]],
  ['time.truncate', 'global', [2]],
  ['time.toCron', 'global', [1]],
  ['generator.Apply', 'global', [2]],
  ['gzip.decompress', 'global', [1]],
];

const anything = (count: number): CelType[] => Array.from({ length: count }, () => DYN);

const lookups = LOOKUPS.flatMap(([name, counts]) =>
  counts.map((count) =>
    member(name, [LOOKUP, ...anything(count)], DYN, (_, lookup: LibraryLookup, ...operands: Value[]) =>
      lookup.$ask(name, operands),
    ),
  ),
);

const notEvaluated = NOT_EVALUATED.flatMap(([name, style, counts]) =>
  counts.map((count) =>
    (style === 'global' ? global : member)(name, anything(count), DYN, () => new CelUnknown([`${name}()`])),
  ),
);

const imagePart = (name: string, type: CelType, read: (image: ImageReference) => Value): FunctionDeclaration =>
  member(name, [IMAGE], type, (_, image: ImageReference) => read(image));

const parsed = (text: string): Value =>
  parseImageReference(text) ?? new CelError(`not a reference of an image: ${text.slice(0, 80)}`);

/** `system:serviceaccount:namespace:name` in its parts; both are empty for other users. */
function serviceAccount(username: string): Value {
  const [, Namespace = '', Name = ''] = /^system:serviceaccount:([^:]*):([^:]*)$/.exec(username) ?? [];
  return { Namespace, Name };
}

function readJson(text: string): Value {
  try {
    return adapt(JSON.parse(text));
  } catch {
    return new CelError('not JSON');
  }
}

/** Two lists of maps as one map from the key in the first to the value in the second, position by position. */
function joinLists(keys: readonly unknown[], values: readonly unknown[], key: string, value: string): Value {
  const field = (item: unknown, name: string): unknown =>
    isJsonMap(item as Value) ? (item as Record<string, unknown>)[name] : undefined;
  const entries = keys.map((item, index) => [String(field(item, key)), field(values[index], value)] as const);
  return Object.fromEntries(entries);
}

/** Kyverno's own functions, beside those of Kubernetes. */
export const KYVERNO_FUNCTIONS = tabulate([
  ...lookups,
  ...notEvaluated,
  global('image', [STRING], IMAGE, (_, text) => parsed(text)),
  global('parseImageReference', [STRING], IMAGE, (_, text) => parsed(text)),
  global('isImage', [STRING], BOOL, (_, text) => parseImageReference(text) !== undefined),
  imagePart('registry', STRING, (image) => image.$registry),
  imagePart('repository', STRING, (image) => image.$repository),
  imagePart('tag', STRING, (image) => image.$tag),
  imagePart('digest', STRING, (image) => image.$digest),
  imagePart('identifier', STRING, (image) => image.$identifier),
  imagePart('containsDigest', BOOL, (image) => image.$digest !== ''),
  global('parseServiceAccount', [STRING], DYN, (_, username) => serviceAccount(username)),
  global('json.unmarshal', [STRING], DYN, (_, text) => readJson(text)),
  member('Unmarshal', [DYN, STRING], DYN, (_, __: Value, text: string) => readJson(text)),
  global('listObjToMap', [DYN, DYN, STRING, STRING], DYN, (_, keys, values, key, value) =>
    Array.isArray(keys) && Array.isArray(values) ? joinLists(keys, values, key, value) : new CelError('not two lists'),
  ),
]);
