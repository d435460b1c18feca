import type { ObjectEdit, Workload } from '@breakwater/model';
import { fieldAt, fieldOf, objectsOf, textOf } from '../../json/index.ts';
import type { EstateFacts } from '../graph/index.ts';
import { editableWorkloads, nodeOf, type Proposer, removeField, shortName, towardsNode } from './proposal.ts';

/** What it costs, and what to check. */
export const hostPathsDetail =
  'The volume and its mounts go. Check what the container reads or writes there; an emptyDir, a ' +
  'PersistentVolumeClaim or, for a runtime socket, a rootless builder usually serves.';

/** Edits that remove a volume by name, and its mounts, from the object as it is written. */
function removeVolume(facts: EstateFacts, workload: Workload, volume: string): ObjectEdit[] {
  const written = facts.objects.find(
    (object) =>
      object.cluster === workload.cluster &&
      object.namespace === workload.namespace &&
      object.kind === workload.kind &&
      object.name === workload.name &&
      object.place.source === workload.definitions[0]?.source &&
      object.place.document === workload.definitions[0]?.document,
  );
  const pod = fieldAt(written?.object, ...workload.podSpecPointer.map(String));
  const at = objectsOf(fieldAt({ pod: pod ?? null }, 'pod', 'volumes')).findIndex(
    (each) => textOf(fieldOf(each, 'name')) === volume,
  );
  if (at === -1) return [];
  const mounts = workload.containers.flatMap((container) =>
    container.mounts.flatMap((mount, index) =>
      mount.volume === volume ? [removeField(workload, [...container.pointer, 'volumeMounts', index])] : [],
    ),
  );
  return [...mounts, removeField(workload, [...workload.podSpecPointer, 'volumes', at])];
}

/** Takes folders and sockets of the node from pods, a volume a change. */
export const proposeNoHostPaths: Proposer = (facts) =>
  editableWorkloads(facts).flatMap((workload) =>
    workload.volumes.flatMap((volume) => {
      if (volume.kind !== 'hostPath') return [];
      const edits = removeVolume(facts, workload, volume.name);
      if (edits.length === 0) return [];
      return {
        change: {
          id: `no-host-path:${workload.id}:${volume.name}`,
          title: `Remove the host path ${volume.from ?? volume.name} from ${shortName(workload)}`,
          detail: hostPathsDetail,
          workloads: [workload.id],
          edits,
          afterRebuild: false,
        },
        cuts: [{ from: nodeOf(workload), kinds: ['escape', 'host', 'credential'] }],
        alike: [
          {
            key: `no-host-path:${workload.cluster}:${volume.from ?? volume.name}`,
            title: (workloads) => `Remove the host path ${volume.from ?? volume.name} from ${workloads}`,
          },
          towardsNode(workload.cluster),
        ],
      };
    }),
  );
