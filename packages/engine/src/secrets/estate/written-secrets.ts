import type { Json, JsonObject, ManifestObject, Place, WrittenSecret } from '@breakwater/model';
import { podSpecPath } from '../../inventory/index.ts';
import { fieldAt, fieldOf, labelsOf, objectOf, objectsOf, textOf, textsOf } from '../../json/index.ts';
import { findSecrets } from '../find-secrets.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { judgeSetting } from '../judge-setting.ts';
import { isPlaceholder } from '../placeholders.ts';

/** Texts longer than this are read by their beginning alone: no setting is. */
const LONGEST_TEXT = 256 * 1024;
const DEEPEST = 40;
/** No secret that shows what it is by its form is shorter. */
const SHORTEST = 16;

/** Annotations that tools write, whose content is the object itself or a digest. */
const toolAnnotation =
  /^kubectl\.kubernetes\.io\/|^checksum\/|\/checksum|^deployment\.kubernetes\.io\/|^pv\.kubernetes\.io\//;

/**
 * Plain secrets in an object: environments, command lines, ConfigMaps, annotations, and fields of custom resources. Of
 * Secrets nothing is told here: their content belongs there, and whether the file may hold it is another question.
 */
export function writtenSecretsIn(object: ManifestObject): readonly WrittenSecret[] {
  const known = told.get(object);
  if (known !== undefined) return known;
  const found = secretsOf(object);
  told.set(object, found);
  return found;
}

/** What was told of objects before: the graph of an estate is made many times, and its objects stay. */
const told = new WeakMap<ManifestObject, readonly WrittenSecret[]>();

function secretsOf(object: ManifestObject): WrittenSecret[] {
  if (object.kind === 'Secret' && object.apiVersion === 'v1') return [];
  const found: WrittenSecret[] = [];
  const add: Add = (where, name, pointer, hits) => {
    for (const { rule, fingerprint } of hits)
      found.push({
        rule,
        subject: subjectOf(object),
        where,
        name,
        fingerprint,
        place: placeOf(object, pointer),
      });
  };
  addAnnotations(object, add);
  const path = podSpecPath(object);
  if (path !== undefined) addPods(object, path, add);
  else if (object.kind === 'ConfigMap' && object.apiVersion === 'v1') addConfigMap(object, add);
  else addFields(object, add);
  return found;
}

interface Hit {
  rule: string;
  fingerprint: string;
}
type Pointer = (string | number)[];
type Add = (where: WrittenSecret['where'], name: string, pointer: Pointer, hits: readonly Hit[]) => void;

function addPods({ object }: ManifestObject, path: string[], add: Add): void {
  const spec = objectOf(fieldAt(object, ...path));
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'])
    for (const [at, container] of objectsOf(fieldOf(spec, list)).entries()) {
      const pointer = [...path, list, at];
      for (const [index, variable] of objectsOf(fieldOf(container, 'env')).entries()) {
        const name = textOf(fieldOf(variable, 'name')) ?? '';
        add('environment', name, [...pointer, 'env', index, 'value'], settingHits(name, fieldOf(variable, 'value')));
      }
      for (const field of ['command', 'args'])
        add('argument', field, [...pointer, field], argumentHits(textsOf(fieldOf(container, field))));
    }
}

/** Arguments one by one, and an option with the value behind it. */
function argumentHits(words: readonly string[]): Hit[] {
  const hits = words.flatMap((word, at): Hit[] => {
    const option = /^--?([\w.-]+)$/.exec(words[at - 1] ?? '')?.[1];
    const assigned = /^--?([\w.-]+)=(.*)$/s.exec(word);
    if (assigned !== null) return settingHits(assigned[1]!, assigned[2]!);
    return option !== undefined && !word.startsWith('-') ? settingHits(option, word) : textHits(word);
  });
  return [...new Map(hits.map((hit) => [hit.fingerprint, hit])).values()];
}

function addConfigMap({ object }: ManifestObject, add: Add): void {
  for (const [key, value] of Object.entries(objectOf(fieldOf(object, 'data')) ?? {})) {
    const pointer = ['data', key];
    if (typeof value !== 'string') continue;
    add('config-map', key, pointer, value.includes('\n') ? textHits(value) : settingHits(key, value));
  }
}

function addAnnotations({ object }: ManifestObject, add: Add): void {
  for (const [key, value] of labelsOf(fieldAt(object, 'metadata', 'annotations')))
    if (!toolAnnotation.test(key))
      add('annotation', key, ['metadata', 'annotations', key], settingHits(key.split('/').at(-1)!, value));
}

/** Groups of Kubernetes whose other kinds have no field that a secret would fit. */
const withoutSecrets =
  /^(v1$|apps\/|networking\.k8s\.io\/|policy\.networking\.k8s\.io\/|rbac\.authorization\.k8s\.io\/|policy\/|autoscaling\/|discovery\.k8s\.io\/|storage\.k8s\.io\/|coordination\.k8s\.io\/|scheduling\.k8s\.io\/|admissionregistration\.k8s\.io\/|apiextensions\.k8s\.io\/)/;

/** Every text of any other object, with the name of its field. */
function addFields({ object, kind, apiVersion }: ManifestObject, add: Add): void {
  if (withoutSecrets.test(apiVersion)) return;
  if (/^(Sealed|Sops|External|ClusterExternal|Push)Secret$|CustomResourceDefinition|SecretProviderClass/.test(kind))
    return;
  const walk = (value: Json, pointer: Pointer, depth: number): void => {
    const name = String(pointer.at(-1) ?? '');
    if (typeof value === 'string') add('field', name, pointer, settingHits(name, value));
    else if (depth < DEEPEST && typeof value === 'object' && value !== null)
      for (const [key, child] of Array.isArray(value) ? value.entries() : Object.entries(value))
        walk(child, [...pointer, key], depth + 1);
  };
  for (const [key, value] of Object.entries(object))
    if (!['metadata', 'apiVersion', 'kind', 'status', 'sops'].includes(key)) walk(value, [key], 0);
}

/** A name with its value: by both together, else by what the value itself shows. */
function settingHits(name: string, value: Json | undefined): Hit[] {
  if (typeof value !== 'string' || value === '') return [];
  const judged = judgeSetting(name, value, true);
  if (judged !== undefined) return [{ rule: judged.rule, fingerprint: fingerprintOf(value) }];
  return value.length < SHORTEST || isPlaceholder(value) ? [] : textHits(value);
}

function textHits(text: string): Hit[] {
  if (text.length < SHORTEST) return [];
  return findSecrets(text.slice(0, LONGEST_TEXT)).map(({ rule, fingerprint }) => ({ rule, fingerprint }));
}

/** `Deployment shop/web`. */
export function subjectOf({ kind, namespace, name }: Pick<ManifestObject, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

/** Where a field of an object is written: for what was translated, the longest origin that leads there. */
function placeOf({ place, translation }: ManifestObject, pointer: Pointer): Place {
  const origin = translation?.origins
    .filter((each) => each.pointer.every((step, at) => step === pointer[at]))
    .sort((a, b) => b.pointer.length - a.pointer.length)[0];
  return origin?.place ?? { ...place, pointer };
}

/** Content of a Secret's keys as texts, for comparing fingerprints; never kept. */
export function contentOf(object: JsonObject): { key: string; text: string }[] {
  const plain = Object.entries(objectOf(fieldOf(object, 'stringData')) ?? {});
  const encoded = Object.entries(objectOf(fieldOf(object, 'data')) ?? {});
  return [
    ...plain.flatMap(([key, value]) => (typeof value === 'string' ? [{ key, text: value }] : [])),
    ...encoded.flatMap(([key, value]) => {
      const text = typeof value === 'string' ? decoded(value) : undefined;
      return text === undefined ? [] : [{ key, text }];
    }),
  ].filter(({ text }) => text.trim() !== '');
}

/** Keys that stand beside a secret and are none. */
const besideSecret =
  /(?:user(?:name)?(?:_in)?|account-?name|host(?:name)?|port|region|url|endpoint|email|realm|server|database|dbname)$|^(?:name|type|project)$/i;

/** Keys whose content a manifest gives away: no names beside a secret, no certificates, nothing that a tool fills in. */
export function writtenKeysOf({ object }: ManifestObject): { key: string; text: string }[] {
  return contentOf(object).filter(
    ({ key, text }) =>
      text.length >= 4 &&
      !besideSecret.test(key) &&
      !isPlaceholder(text) &&
      (!text.includes('-----BEGIN CERTIFICATE-----') || text.includes('PRIVATE KEY')),
  );
}

/** Base64 as one character a byte; undefined where it is none. */
function decoded(text: string): string | undefined {
  const clean = text.replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(clean)) return undefined;
  try {
    return atob(clean);
  } catch {
    return undefined;
  }
}

/** Of everything that an object is told to hold as a secret, and of what stands in its file for a Secret's content. */
export function fingerprintsIn(object: ManifestObject): string[] {
  const texts = ['data', 'stringData'].flatMap((field) => Object.values(objectOf(fieldOf(object.object, field)) ?? {}));
  const own = object.kind === 'Secret' ? texts.filter((text) => typeof text === 'string') : [];
  return [
    ...writtenSecretsIn(object).map(({ fingerprint }) => fingerprint),
    ...own.map((text) => fingerprintOf(text.trim())),
  ];
}
