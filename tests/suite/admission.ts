import { Authorizer, CelUnknown, type CompiledPolicy, evaluatePolicies, loadPolicies } from '@breakwater/engine/policy';
import { estatesOf } from '@breakwater/engine/policy/facts/estate';
import { compileNeuvectorRules } from '@breakwater/engine/policy/foreign/neuvector';
import type { JsonObject, ManifestObject } from '@breakwater/model';
import { neuvectorRulesSchema } from '@breakwater/model/foreign';
import { builtInPolicies } from '@breakwater/sources/policies';
import { answersOf, vulnerabilitiesOf } from './admission/facts.ts';
import type { Suite } from './suite.ts';

const NOW = '2026-01-01T00:00:00Z';

/** Objects that are sent together, and what else a rule knows when it sees them. */
interface Entry {
  objects?: JsonObject[];
  /** The same as base64 of JSON. */
  objects_b64?: string;
  facts?: JsonObject[];
}

let podSecurity: ReadonlyMap<string, CompiledPolicy> | undefined;

/** Admission rules of NeuVector: which objects they let in. */
export const admissionSuite: Suite = {
  name: 'admission',
  reads: [
    'rules',
    'kubewarden',
    'objects',
    'accept',
    'reject',
    'accept_facts',
    'reject_facts',
    'accept_facts_missing',
    'reject_facts_missing',
  ],
  answer(input) {
    const parsed = neuvectorRulesSchema().safeParse({ rules: input['rules'] });
    if (!parsed.success) return { unsupported: parsed.error.message };
    podSecurity ??= new Map(loadPolicies(builtInPolicies().policies).all.map((one) => [one.policy.metadata.name, one]));
    const policies = compileNeuvectorRules(
      { language: 'neuvector-rules', kind: 'rules', place: { source: 'rules.json' }, document: parsed.data },
      { companions: [], podSecurity },
      input['kubewarden'] === undefined ? 'neuvector' : 'kubewarden',
    );
    return { answer: { admit: entriesOf(input).map((entry) => isAdmitted(entry, policies)) } };
  },
};

/** Of a case that is disguised as one list, else those to accept before those to reject, without those that lack facts. */
function entriesOf(input: Readonly<Record<string, unknown>>): Entry[] {
  if (Array.isArray(input['objects'])) return input['objects'] as Entry[];
  return ['accept', 'reject'].flatMap((side) => {
    if (input[`${side}_facts_missing`] !== undefined) return [];
    const facts = input[`${side}_facts`] as JsonObject[] | undefined;
    return ((input[side] ?? []) as Entry[]).map((entry) => ({ ...entry, ...(facts === undefined ? {} : { facts }) }));
  });
}

const objectsOf = ({ objects, objects_b64 }: Entry): JsonObject[] =>
  objects ?? (JSON.parse(Buffer.from(objects_b64 ?? '', 'base64').toString()) as JsonObject[]);

/** What a rule refuses is kept out, and what it cannot decide too: it was not seen to be harmless. */
function isAdmitted(entry: Entry, policies: readonly CompiledPolicy[]): boolean {
  const objects = objectsOf(entry);
  const estate = estatesOf(objects.map(manifestOf)).get('default');
  const vulnerabilities = vulnerabilitiesOf(entry.facts ?? []);
  const answers = answersOf(entry.facts ?? []);
  return objects.every((object) => {
    const subject = {
      id: 'object',
      object,
      ...(vulnerabilities === undefined ? {} : { vulnerabilities }),
      facts: {
        estate,
        authorizer: new Authorizer((asked) => answers(asked) ?? new CelUnknown(['authorizer'])),
      },
    };
    const results = evaluatePolicies(policies, subject, 'deploy', [], NOW);
    return results.every(({ verdict }) => verdict === 'pass');
  });
}

function manifestOf(object: JsonObject): ManifestObject {
  const { name = '', namespace = 'default' } = (object['metadata'] ?? {}) as { name?: string; namespace?: string };
  const { apiVersion, kind } = object as { apiVersion: string; kind: string };
  return { apiVersion, kind, name, namespace, cluster: 'default', object, place: { source: 'case' } };
}
