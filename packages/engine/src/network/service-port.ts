import type { Workload } from '@breakwater/model';

/** One port of a Service. */
export interface ServicePort {
  name: string | undefined;
  port: number;
  protocol: string;
  /** Number or name of the pod's port. */
  target: number | string;
  nodePort: number | undefined;
}

/** Finds the workloads of a namespace whose pods have all given labels. */
export type FindByLabels = (cluster: string, namespace: string, labels: ReadonlyMap<string, string>) => Workload[];
