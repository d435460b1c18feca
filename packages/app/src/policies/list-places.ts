import { compilability } from '@breakwater/engine/compile';
import { type PolicyPlace, parseKubernetesVersion, placesOf } from '@breakwater/engine/policy';
import type { PolicySet } from '../estate/policy-set.ts';

/** A policy in force, and who enforces it in each of its phases. */
export interface PlacedPolicy {
  policy: string;
  title: string;
  places: PolicyPlace[];
}

/** Where each policy in force is enforced. Exceptions are taken as compiled anew on the day that one ends. */
export function listPlaces({ policies, exceptions, now }: PolicySet, kubernetesVersion = 'latest'): PlacedPolicy[] {
  const kubernetes = parseKubernetesVersion(kubernetesVersion);
  const today = now.slice(0, 10);
  const options = { exceptions, today, until: today, ...(kubernetes === undefined ? {} : { kubernetes }) };
  return policies.map((compiled) => {
    const gaps = [...new Set(compilability(compiled, options).map(({ message }) => message))];
    const { metadata, spec } = compiled.policy;
    return { policy: metadata.name, title: spec.title, places: placesOf(compiled, gaps) };
  });
}
