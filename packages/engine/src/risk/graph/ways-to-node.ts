import type { ManifestObject, Place, Workload } from '@breakwater/model';
import { podSpecsOf } from '../../identity/index.ts';
import { ClaimVolumes } from '../../storage/index.ts';
import { escapesOf } from './escapes.ts';
import { Sandboxes } from './sandboxes.ts';
import type { SettingName } from './settings.ts';

/** Strengths that need no second weakness. */
const enough: readonly SettingName[] = ['escapeCertain', 'escapeHigh', 'escapeLikely'];

/** Tells of each workload the ways by which its pods take over the node under them, the surest first. */
export function waysToNode(
  objects: readonly ManifestObject[],
  workloads: readonly Workload[],
): (workload: Workload) => { phrase: string; places: Place[] }[] {
  const specs = podSpecsOf(objects, workloads);
  const sandboxes = new Sandboxes(objects);
  const claims = new ClaimVolumes(objects);
  return (workload) => {
    const { cluster, namespace, id, definitions } = workload;
    const spec = specs.get(id);
    return escapesOf(workload, {
      spec,
      sandbox: sandboxes.of(cluster, spec),
      hostPathOfClaim: (claim) => claims.of(cluster, namespace, claim)?.hostPath,
    })
      .filter(({ strength, hindrances }) => enough.includes(strength) && !hindrances.includes('sandboxFactor'))
      .sort((a, b) => enough.indexOf(a.strength) - enough.indexOf(b.strength))
      .map(({ phrase, container }) => ({
        phrase,
        places: definitions
          .slice(0, 1)
          .map((place) => ({ ...place, ...(container && { pointer: container.pointer }) })),
      }));
  };
}
