import type { JsonObject } from '@breakwater/model';
import type { CompiledPolicy } from '../compiled-policy.ts';

/** What policies in other languages find beside themselves. */
export interface ForeignContext {
  /** Objects that came with the policies: parameters, ConfigMaps. */
  companions: readonly JsonObject[];
  /** Our policies that are the checks of the Pod Security Standards, by the names that Kubernetes gives the checks. */
  podSecurity: ReadonlyMap<string, CompiledPolicy>;
}
