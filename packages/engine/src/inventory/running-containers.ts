import type { Container, Workload } from '@breakwater/model';

/**
 * The containers that run as long as the pod does: the main ones, and init containers that are always restarted, whose
 * named ports count for Services and network policies too.
 */
export function runningContainers({ containers }: Pick<Workload, 'containers'>): Container[] {
  return containers.filter(({ role, sidecar }) => role === 'main' || sidecar === true);
}
