import type { Container, Workload } from '@breakwater/model';
import { isDangerousCapability } from './capabilities.ts';

/**
 * How much a variant of a workload gives away, as numbers that are compared one after the other: the first that differs
 * decides. Each stands for a step towards the node that the later ones cannot make up for:
 * 1. privileged containers, 2. host namespaces, 3. host paths that can be written, 4. host paths, 5. dangerous added capabilities,
 * 6. containers that may run as root, 7. containers that may gain privileges, 8. containers without a seccomp profile,
 * 9. containers with a writable root, 10. whether the service account's token is mounted, 11. host ports.
 */
export function exposureRank(workload: Workload): number[] {
  const { containers, hostPID, hostNetwork, hostIPC } = workload;
  const count = (test: (container: Container) => boolean): number => containers.filter(test).length;
  const hostPaths = new Set(workload.volumes.filter(({ kind }) => kind === 'hostPath').map(({ name }) => name));
  const writes = ({ volume, readOnly }: Container['mounts'][number]): boolean => hostPaths.has(volume) && !readOnly;
  return [
    count(({ security }) => security.privileged),
    [hostPID, hostNetwork, hostIPC].filter(Boolean).length,
    count(({ mounts }) => mounts.some(writes)),
    hostPaths.size,
    containers.flatMap(({ security }) => security.capabilitiesAdded).filter(isDangerousCapability).length,
    count(({ security }) => security.runAsNonRoot !== true && !((security.runAsUser ?? 0) > 0)),
    count(({ security }) => security.allowPrivilegeEscalation !== false),
    count(({ security }) => security.seccompProfile === undefined || security.seccompProfile === 'Unconfined'),
    count(({ security }) => security.readOnlyRootFilesystem !== true),
    workload.automountToken === false ? 0 : 1,
    containers.flatMap(({ ports }) => ports).filter(({ hostPort }) => hostPort !== undefined).length,
  ];
}

/** Negative where `a` gives away more than `b`; zero where they are equal. */
export function moreExposedFirst(a: Workload, b: Workload): number {
  const left = exposureRank(a);
  const right = exposureRank(b);
  const at = left.findIndex((value, index) => value !== right[index]);
  return at === -1 ? 0 : right[at]! - left[at]!;
}
