import {
  boolYaml11Tag,
  CORE_SCHEMA,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  nullCoreTag,
} from 'js-yaml';

/*
 * YAML as the Kubernetes API machinery reads it (sigs.k8s.io/yaml, a fork of go-yaml v2): `privileged: yes` is true,
 * `defaultMode: 0400` is 256, dates stay strings. A reader of YAML 1.2 alone would call a privileged container safe.
 */

const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

function resolveInteger(source: string): number | typeof NOT_RESOLVED {
  const plain = source.includes('_') ? source.replaceAll('_', '') : source;
  if (!INTEGER.test(plain)) return NOT_RESOLVED;
  const sign = plain.startsWith('-') ? -1 : 1;
  const digits = plain.replace(/^[-+]/, '');
  const octal = /^0[0-7]+$/.test(digits);
  const value = sign * Number(octal ? `0o${digits.slice(1)}` : digits);
  return value === 0 ? 0 : value;
}

function resolveFloat(source: string): number | typeof NOT_RESOLVED {
  const plain = source.includes('_') ? source.replaceAll('_', '') : source;
  if (!FLOAT.test(plain)) return NOT_RESOLVED;
  const value = Number(plain);
  return Number.isFinite(value) ? value : NOT_RESOLVED;
}

const digits = [...'0123456789'];
const integerTag = defineScalarTag<number>('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: ['-', '+', ...digits],
  resolve: resolveInteger,
  identify: Number.isInteger,
});
const floatTag = defineScalarTag<number>('tag:yaml.org,2002:float', {
  implicit: true,
  implicitFirstChars: ['-', '+', '.', ...digits],
  resolve: resolveFloat,
  identify: (data) => typeof data === 'number',
});

const safeMapTag = defineMappingTag<Record<string, unknown>>('tag:yaml.org,2002:map', {
  create: () => ({}),
  identify: mapTag.identify,
  addPair: (carrier, key, value) =>
    key === '__proto__' ? 'the key __proto__ is refused' : mapTag.addPair(carrier, key, value),
  has: mapTag.has,
  keys: mapTag.keys,
  get: mapTag.get,
});

/* Tags of other systems (`!Ref`, `!vault`) keep the plain value: their files are not ours, but they are no fault either. */
const foreignTags = [
  defineScalarTag<string>('', { matchByTagPrefix: true, resolve: (source) => source, identify: () => false }),
  defineSequenceTag<unknown[]>('', {
    matchByTagPrefix: true,
    create: () => [],
    addItem: (carrier, item) => {
      carrier.push(item);
    },
    identify: () => false,
  }),
  defineMappingTag<Record<string, unknown>>('', {
    matchByTagPrefix: true,
    create: safeMapTag.create,
    identify: () => false,
    addPair: safeMapTag.addPair,
    has: safeMapTag.has,
    keys: safeMapTag.keys,
    get: safeMapTag.get,
  }),
];

/* Marks of the Compose Specification: without them what a later file takes away would stay. `{ '!reset': value }` keeps them. */
const composeTags = ['!reset', '!override'].flatMap((tag) => [
  defineScalarTag<unknown>(tag, {
    resolve: (source) => ({ [tag]: source === '' ? null : resolvePlainScalar(source) }),
    identify: () => false,
  }),
  defineSequenceTag<unknown[], unknown>(tag, {
    create: () => [],
    addItem: (carrier, item) => {
      carrier.push(item);
    },
    finalize: (carrier) => ({ [tag]: carrier }),
    identify: () => false,
  }),
  defineMappingTag<Record<string, unknown>, unknown>(tag, {
    create: safeMapTag.create,
    identify: () => false,
    addPair: safeMapTag.addPair,
    has: safeMapTag.has,
    keys: () => [],
    get: () => undefined,
    finalize: (carrier) => ({ [tag]: carrier }),
  }),
]);

/** Schema for js-yaml: what a plain scalar means to a Kubernetes API server; `__proto__` is refused, foreign tags are ignored. */
export const KUBERNETES_SCHEMA = CORE_SCHEMA.withTags(
  boolYaml11Tag,
  integerTag,
  floatTag,
  mergeTag,
  safeMapTag,
  ...composeTags,
  ...foreignTags,
);

/**
 * What a plain scalar means under `KUBERNETES_SCHEMA`, for readers that build no values of their own.
 */
export function resolvePlainScalar(source: string): null | boolean | number | string {
  for (const tag of [nullCoreTag, boolYaml11Tag, integerTag, floatTag]) {
    const value = tag.resolve(source, false, tag.tagName);
    if (value !== NOT_RESOLVED) return value as null | boolean | number;
  }
  return source;
}
