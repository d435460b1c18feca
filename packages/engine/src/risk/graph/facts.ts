import type {
  ComponentEvidence,
  Dockerfile,
  Image,
  ManifestObject,
  VulnerabilityMatch,
  Workload,
} from '@breakwater/model';
import type { ContainerUse } from '../../evidence/index.ts';
import type { IdentityFacts } from '../../identity/index.ts';
import type { RoleUse } from '../../identity/usage/index.ts';
import type { ReachabilityFacts } from '../../network/index.ts';
import type { PodPolicies } from '../../pod-refusal/index.ts';
import type { RiskSettings } from './settings.ts';

/** The image of one container, where it could be had. */
export interface WorkloadImage {
  /** `Container.name`. */
  container: string;
  /** As the manifest writes it. */
  reference: string;
  /** Absent where it was not found or not read: what it holds is then unknown, never clean. */
  image?: Image;
}

/** Everything that the attack graph is made of. Maps by id, so that a fix is tried by replacing one entry. */
export interface EstateFacts {
  objects: readonly ManifestObject[];
  workloads: readonly Workload[];
  /** By workload id. */
  images: ReadonlyMap<string, readonly WorkloadImage[]>;
  /** By image id. An image that was read and has no entry here was not matched: unknown, not clean. */
  vulnerabilities: ReadonlyMap<string, readonly VulnerabilityMatch[]>;
  /** By image id, then by component id. No entry means no events: cannot tell. */
  evidence: ReadonlyMap<string, ReadonlyMap<string, ComponentEvidence>>;
  reachability: Omit<ReachabilityFacts, 'unknowns'>;
  identity: IdentityFacts;
  settings: RiskSettings;
  /** Build recipes that are among the files given, by image reference as the manifest writes it. */
  dockerfiles?: ReadonlyMap<string, Dockerfile>;
  /** What admission policies of the clusters refuse of pods; absent where there are none. */
  podPolicies?: PodPolicies;
  /** What audit logs show of the use of roles, by `cluster role`; absent where there are none. */
  roleUses?: ReadonlyMap<string, RoleUse>;
  /** What was seen of containers, by workload id; absent where nothing was learned. */
  uses?: ReadonlyMap<string, readonly ContainerUse[]>;
}
