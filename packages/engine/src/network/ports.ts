import type { Workload } from '@breakwater/model';
import { runningContainers } from '../inventory/running-containers.ts';

/** Ports of one protocol, both ends included. */
export interface PortRange {
  protocol: string;
  from: number;
  to: number;
}

/** Ports that running containers declare, all or those of one name. */
export function declaredPorts(workload: Workload, name?: string): Workload['containers'][number]['ports'] {
  return runningContainers(workload)
    .flatMap((container) => container.ports)
    .filter((port) => name === undefined || port.name === name);
}
