import type { Exposure } from '@breakwater/model';
import { exposuresOf } from '../network/exposure.ts';
import type { Borders } from './borders.ts';
import type { Tenancy } from './tenancy.ts';

/** The ways into a cluster from outside, as its networks are under some assumption. */
export function exposuresIn({ objects, workloads, services }: Tenancy, borders: Borders): readonly Exposure[] {
  const reachOf = (workload: string) => borders.primaryOf(workload);
  return exposuresOf({ workloads, reachOf, objects, services, attached: borders.reaches }).exposures;
}
