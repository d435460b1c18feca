import { isDeepStrictEqual } from 'node:util';
import type { CompiledPolicy } from '@breakwater/engine/policy';
import { isObject, type JsonObject, type PolicyResult } from '@breakwater/model';
import { judgeAgain } from './judge-request.ts';
import type { Judging } from './judging.ts';

/** Facts of who asks and of what the request does: an object does not bring them, so none of them was there before. */
const OF_THE_REQUEST = ['request', 'oldObject', 'authorizer', 'identity'];

/** Facts that look from the object at what is around it, by its labels and owners among other things. */
const AROUND = ['estate', 'grants'];

/** Metadata that the API server writes, or that an update cannot change. */
const KEPT_BY_THE_SERVER = new Set([
  'name',
  'namespace',
  'generateName',
  'uid',
  'selfLink',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
]);

/** What kubectl was given, once more: it changes with whatever else it changes. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Which refusals of an update only tell what was there before it, so that an object that is older than its policy can
 * still be labelled, scaled by its controller, and deleted when finalizers are taken from it. Such a refusal is of a
 * policy that looks at nothing the update changed, and was the same before: of the same element at the same place, and
 * not under an exception. A policy on images counts what each container runs, whatever else is new.
 */
export function refusedBefore(refused: readonly PolicyResult[], judging: Judging): ReadonlySet<PolicyResult> {
  const { request, basis } = judging;
  const change = changeOf(request.object, request.oldObject);
  const named = new Set(refused.map(({ policy }) => policy));
  const spared = basis
    .candidates(request.kind.kind, request.operation)
    .policies.filter(({ policy }) => named.has(policy.metadata.name))
    .filter((compiled) => basis.imagePolicies.has(compiled.policy.metadata.name) || isUntouched(compiled, change))
    .map(({ policy }) => policy.metadata.name);
  if (spared.length === 0) return NONE;
  const names = new Set(spared);
  const counts = new Map<string, number>();
  for (const result of judgeAgain(judging, names, request.oldObject)) {
    const key = keyOf(result, basis.imagePolicies);
    if (result.exception === undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const before = judgeAgain(judging, names, request.object).filter((result) => {
    const key = keyOf(result, basis.imagePolicies);
    const left = counts.get(key) ?? 0;
    counts.set(key, left - 1);
    return left > 0;
  });
  const sentences = countedBy(before, sentenceOf);
  return new Set(
    refused.filter((result) => {
      const key = sentenceOf(result);
      const left = sentences.get(key) ?? 0;
      sentences.set(key, left - 1);
      return left > 0;
    }),
  );
}

const NONE: ReadonlySet<PolicyResult> = new Set();

interface Change {
  /** Something beside metadata is not what it was. */
  isDeep: boolean;
  /** Names of the fields of metadata that are not what they were. */
  metadata: readonly string[];
  /** The object is on its way out. */
  isGoing: boolean;
}

function changeOf(object: JsonObject | null, oldObject: JsonObject | null): Change {
  const { metadata, ...is } = object ?? {};
  const { metadata: oldMetadata, ...was } = oldObject ?? {};
  const [now, before] = [recordOf(metadata), recordOf(oldMetadata)];
  const fields = new Set([...Object.keys(now), ...Object.keys(before)].filter((name) => !KEPT_BY_THE_SERVER.has(name)));
  return {
    isDeep: !isSame(is, was),
    metadata: [...fields].filter((name) => !isSame(written(now[name]), written(before[name]))),
    isGoing: before['deletionTimestamp'] !== undefined && before['deletionTimestamp'] !== null,
  };
}

/** What is nested too deep to be compared is taken for changed: nothing is spared by it. */
function isSame(a: unknown, b: unknown): boolean {
  try {
    return isDeepStrictEqual(a, b);
  } catch {
    return false;
  }
}

const recordOf = (value: JsonObject[string] | undefined): JsonObject => (isObject(value) ? value : {});

function written(value: JsonObject[string] | undefined): unknown {
  if (!isObject(value)) return value ?? {};
  const { [LAST_APPLIED]: _, ...rest } = value;
  return rest;
}

/** Whether a policy can have found nothing in what an update changed. */
function isUntouched(compiled: CompiledPolicy, { isDeep, metadata, isGoing }: Change): boolean {
  if (isDeep) return false;
  const { facts, language, policy } = compiled;
  // What another language looks at is not known here; an object that goes must be able to go all the same.
  if (language !== undefined) return isGoing;
  if (OF_THE_REQUEST.some((fact) => facts.has(fact))) return false;
  if (metadata.length === 0) return true;
  if (AROUND.some((fact) => facts.has(fact))) return metadata.every((name) => name === 'finalizers');
  const sources = sourcesOf(policy);
  const named = sources.join('\n').toLowerCase();
  return !sources.some(readsWhole) && !metadata.some((name) => named.includes(name.toLowerCase()));
}

/** Everything that decides; what a message reads shows in the message. */
const sourcesOf = ({ spec }: CompiledPolicy['policy']): string[] => [
  ...[...(spec.require ?? []), ...(spec.forbid ?? [])].flatMap(({ each, expr }) => [each ?? '', expr]),
  ...(spec.variables ?? []).map(({ expression }) => expression),
  ...(spec.match.conditions ?? []).map(({ expr }) => expr),
];

/** Whether an expression takes the object, its metadata or the workload as a whole: it may then read any field of it. */
function readsWhole(source: string): boolean {
  if (/[rRbB]['"]|'''|"""/.test(source)) return true;
  const code = source
    .replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''")
    .replaceAll(/has\(\s*object\s*\.\s*metadata\s*\)/g, '');
  return /\b(?:object|workload|metadata)\b(?!\s*\.\s*\??\s*[A-Za-z_]\w*(?![\w(]|\s*\())/.test(code);
}

const sentenceOf = ({ policy, element = '', verdict, message }: PolicyResult): string =>
  JSON.stringify([policy, element, verdict, message]);

/** Of a policy on images the list that a container is in, not its position there: what it runs is in the message. */
function keyOf(result: PolicyResult, imagePolicies: ReadonlySet<string>): string {
  const pointer = result.place?.pointer ?? [];
  return `${sentenceOf(result)} ${JSON.stringify(imagePolicies.has(result.policy) ? pointer.slice(0, -1) : pointer)}`;
}

function countedBy(results: readonly PolicyResult[], key: (result: PolicyResult) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const result of results) counts.set(key(result), (counts.get(key(result)) ?? 0) + 1);
  return counts;
}
