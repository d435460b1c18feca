import type { Workload } from '@breakwater/model';
import type { Alike, Proposal } from './proposal.ts';

/** Workloads that a title names before it counts them. */
const NAMED_IN_TITLE = 3;

/** Workloads that a detail names. */
const NAMED_IN_DETAIL = 20;

/**
 * The same changes of several workloads as one each. Where workloads open the same side by side, changing one of them
 * removes almost nothing: an attacker takes its neighbour.
 */
export function groupAlike(proposals: readonly Proposal[], workloads: readonly Workload[]): Proposal[] {
  const names = new Map(workloads.map(({ id, namespace, name }) => [id, `${namespace}/${name}`]));
  const kinds = new Map<string, { alike: Alike; members: Proposal[] }>();
  for (const proposal of proposals) {
    for (const alike of proposal.alike ?? []) {
      const known = kinds.get(alike.key) ?? { alike, members: [] };
      known.members.push(proposal);
      kinds.set(alike.key, known);
    }
  }
  const groups = new Map<string, Proposal>();
  for (const { alike, members } of kinds.values()) {
    const ids = [...new Set(members.flatMap(({ change }) => change.workloads))];
    const same = members.map(({ change }) => change.id).join('\n');
    if (ids.length > 1 && !groups.has(same)) groups.set(same, group(alike, members, ids, names));
  }
  return [...groups.values()];
}

function group({ key, title }: Alike, members: Proposal[], workloads: string[], names: Map<string, string>): Proposal {
  const labels = workloads.map((id) => names.get(id) ?? id);
  const all = labels.length > NAMED_IN_TITLE ? `${labels.length} workloads` : labels.join(', ');
  const more = labels.length > NAMED_IN_DETAIL ? ` and ${labels.length - NAMED_IN_DETAIL} more` : '';
  const details = [...new Set(members.map(({ change }) => change.detail))];
  return {
    change: {
      id: `all:${key}`,
      title: title(all),
      detail:
        `They open the same side by side, so that changing one alone removes little: ` +
        `${labels.slice(0, NAMED_IN_DETAIL).join(', ')}${more}. ${details[0]}`,
      workloads,
      edits: members.flatMap(({ change }) => change.edits),
      afterRebuild: members.some(({ change }) => change.afterRebuild),
    },
    cuts: members.flatMap(({ cuts }) => cuts),
    revise: (facts) => members.reduce((current, { revise }) => revise?.(current) ?? current, facts),
  };
}
