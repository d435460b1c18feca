import { type CompiledPolicy, evaluatePolicies, loadPolicies, type PolicySubject } from '@breakwater/engine/policy';
import type { Json, JsonObject, PolicyDocument, PolicyResult } from '@breakwater/model';
import { builtInPolicies } from '@breakwater/sources/policies';
import { factsOf } from './facts.ts';
import type { Counterpart } from './mapping.ts';

/** When the rules were read: some ask how old something is. */
const NOW = '2026-08-21T00:00:00Z';

let documents: ReadonlyMap<string, PolicyDocument> | undefined;

/** What the user of their rules says: lists that replace all of theirs, and facts about the cluster. */
export interface Given {
  settings: Record<string, unknown> | undefined;
  clusterData: Record<string, unknown> | undefined;
}

/** Our policies of a counterpart, with its parameters and the user's settings; whatever pack they are in. */
function policiesOf(counterpart: Counterpart, given: Given): CompiledPolicy[] {
  documents ??= new Map(builtInPolicies().policies.map((document) => [document.policy.metadata.name, document]));
  const chosen = counterpart.policies.map((name) => {
    const document = documents?.get(name);
    if (document === undefined) throw new Error(`there is no policy ${name}`);
    const own = document.policy.spec.params ?? {};
    const params = { ...(counterpart.params[name] as Record<string, Json>), ...paramsFor(counterpart, given) };
    return withParams(
      document,
      Object.fromEntries(Object.entries(params).filter(([param]) => Object.hasOwn(own, param))),
    );
  });
  const { all, unknowns } = loadPolicies(chosen);
  if (unknowns[0] !== undefined) throw new Error(unknowns[0].message);
  return all;
}

/** Settings replace all lists at once: one that is not given is empty. */
function paramsFor(counterpart: Counterpart, { settings, clusterData }: Given): Record<string, Json> {
  const params: Record<string, Json> = {};
  for (const [fact, param] of Object.entries(counterpart.clusterData)) {
    if (clusterData?.[fact] !== undefined) params[param] = [clusterData[fact] as Json].flat();
  }
  if (settings === undefined) return params;
  for (const [setting, target] of Object.entries(counterpart.settings)) {
    const list = (Array.isArray(settings[setting]) ? settings[setting] : []) as Json[];
    if (typeof target === 'string') params[target] = [...((params[target] as Json[] | undefined) ?? []), ...list];
    else params[target.param] = list[0] ?? '';
  }
  return params;
}

function withParams(document: PolicyDocument, params: Record<string, Json>): PolicyDocument {
  if (Object.keys(params).length === 0) return document;
  const { policy } = document;
  const spec = { ...policy.spec, params: { ...policy.spec.params, ...params } };
  return { ...document, policy: { ...policy, spec } };
}

/** What our policies say of each object in view. */
export interface Judged {
  object: JsonObject;
  results: PolicyResult[];
}

/** Judges every object of a case by the counterpart of its rule, all of them in view of each other. */
export function judgeInputs(inputs: readonly JsonObject[], counterpart: Counterpart, given: Given): Judged[] {
  const policies = policiesOf(counterpart, given);
  const { mentions } = counterpart;
  const facts = factsOf(inputs);
  return inputs
    .filter((object) => isLookedAt(object, counterpart))
    .map((object, index) => {
      const subject: PolicySubject = { id: String(index), object, exposure: [], facts };
      const results = evaluatePolicies(policies, subject, 'deploy', [], NOW);
      return { object, results: results.map((result) => withoutFailure(result, mentions)) };
    });
}

/** A failure that does not say what is asked for counts as none. */
const withoutFailure = (result: PolicyResult, mentions: readonly string[] | undefined): PolicyResult =>
  mentions === undefined || result.verdict !== 'fail' || mentions.some((text) => result.message.includes(text))
    ? result
    : { ...result, verdict: 'pass' };

function isLookedAt(object: JsonObject, { kinds, namespaces }: Counterpart): boolean {
  if (kinds?.includes(String(object['kind'])) === false) return false;
  const { namespace } = (object['metadata'] ?? {}) as JsonObject;
  return namespaces === undefined || namespaces.includes(String(namespace));
}
