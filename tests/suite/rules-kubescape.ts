import type { JsonObject } from '@breakwater/model';
import { type Judged, judgeInputs } from './rules-kubescape/judge-inputs.ts';
import { type Counterpart, readMapping } from './rules-kubescape/mapping.ts';
import type { Suite } from './suite.ts';

let mapping: Map<string, Counterpart> | undefined;

/** Posture rules of Kubescape, answered by the policies of ours that `rules-kubescape/*.yaml` names for each. */
export const rulesKubescapeSuite: Suite = {
  name: 'rules-kubescape',
  reads: ['rule', 'inputs', 'settings', 'cluster_data', 'aggregate'],
  answer({ rule, inputs, settings, cluster_data }) {
    mapping ??= readMapping();
    const counterpart = mapping.get(String(rule));
    if (counterpart === undefined) return { unsupported: `no policy is the counterpart of ${String(rule)}` };
    if (!Array.isArray(inputs)) return { unsupported: 'the case has no objects' };
    const judged = judgeInputs(inputs as JsonObject[], counterpart, {
      settings: settings as Record<string, unknown> | undefined,
      clusterData: cluster_data as Record<string, unknown> | undefined,
    });
    const failing = reported(judged, counterpart);
    const undecided = judged.flatMap(({ results }) => results.filter(({ verdict }) => verdict === 'unknown'));
    if (failing.length === 0 && undecided[0] !== undefined) {
      return { unsupported: `undecided: ${undecided[0].policy}: ${undecided[0].message}` };
    }
    return { answer: { verdict: failing.length > 0 ? 'fail' : 'pass', objects: failing.map(nameOf) } };
  },
};

const fails = ({ results }: Judged): boolean => results.some(({ verdict }) => verdict === 'fail');

function reported(judged: readonly Judged[], { unanimous }: Counterpart): JsonObject[] {
  const about = judged.filter(({ results }) => results.length > 0);
  if (unanimous && !about.every(fails)) return [];
  return about.filter(fails).map(({ object }) => object);
}

function nameOf(object: JsonObject): { kind: unknown; namespace: unknown; name: unknown } {
  const metadata = (object['metadata'] ?? {}) as JsonObject;
  return { kind: object['kind'], namespace: metadata['namespace'], name: metadata['name'] };
}
