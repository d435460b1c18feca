import { type NetworkReach, nameOfPolicy, type Policy } from '@breakwater/engine/network/connectivity';
import type { Place } from '@breakwater/model';

/** Something that is worth a look and leaves nothing open. */
export interface Note {
  message: string;
  place: Place;
}

/** Policies that are put on no workload of any network: they are not needed, or their selectors are misspelt. */
export function policiesAboutNobody(networks: readonly NetworkReach[]): Note[] {
  const used = new Set<Policy>();
  for (const { reach } of networks)
    for (const end of reach.endpoints)
      for (const position of end.kind === 'workloads' ? end.class.policies : []) used.add(reach.policies[position]!);
  const all = new Set(networks.flatMap(({ reach }) => reach.policies));
  return [...all.difference(used)].map((policy) => ({
    message: `${nameOfPolicy(policy)} selects no workload: it opens and closes nothing.`,
    place: policy.place,
  }));
}
