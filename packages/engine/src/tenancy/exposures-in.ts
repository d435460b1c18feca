import type { Exposure } from '@breakwater/model';
import { exposuresOf } from '../network/exposure.ts';
import { finderOf, servicesOf } from '../network/index.ts';
import type { Borders } from './borders.ts';
import type { Tenancy } from './tenancy.ts';

/** The ways into a cluster from outside, as its networks are under some assumption. */
export function exposuresIn({ objects, workloads }: Tenancy, borders: Borders): readonly Exposure[] {
  const services = servicesOf(objects, finderOf(workloads));
  const reachOf = (workload: string) => borders.primaryOf(workload);
  return exposuresOf({ workloads, reachOf, objects, services, attached: borders.reaches }).exposures;
}
