import type { Place, Unknown } from '@breakwater/model';

/** Kinds of RBAC subject. */
export type SubjectKind = 'User' | 'Group' | 'ServiceAccount';

/** Somebody or something that the API server can recognise. */
export interface Identity {
  /** `identity:CLUSTER/NAMESPACE/NAME` for a service account, `identity:CLUSTER/user:NAME` and `identity:CLUSTER/group:NAME` else. */
  id: string;
  cluster: string;
  kind: SubjectKind;
  /** Empty for users and groups. */
  namespace: string;
  name: string;
  /** Whether a pod that says nothing gets the token; false for users and groups. */
  automount: boolean;
  /** A credential that people hold: users and groups that Kubernetes itself does not make. */
  human: boolean;
  /** Ids of the groups it is a member of by the words of Kubernetes, as far as any binding names them. */
  groups: string[];
  places: Place[];
}

/** One rule of a role, every field present. */
export interface PermissionRule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  /** Empty: every name. */
  resourceNames: string[];
  nonResourceUrls: string[];
}

/** What one binding gives one identity. */
export interface Grant {
  /** Stable: subject, binding. */
  id: string;
  identity: string;
  cluster: string;
  /** Where it holds; empty for the whole cluster. */
  namespace: string;
  /** `ClusterRole view`, `Role shop/reader`. */
  role: string;
  /** `ClusterRoleBinding ops`, `RoleBinding shop/readers`. */
  binding: string;
  rules: PermissionRule[];
  /** The binding first, then the role. */
  places: Place[];
}

/** The rules of a role by its name, as `ClusterRole view`; undefined where nothing defines it. */
export type RoleLookup = (cluster: string, role: string) => PermissionRule[] | undefined;

/** What a permission opens to whoever holds it. */
export type PermissionTarget =
  | 'control-plane'
  | 'secrets'
  | 'workloads'
  | 'service-accounts'
  | 'node'
  | 'volumes'
  | 'users'
  | 'groups';

/** How far holding the permission is enough; the numbers are the risk settings'. */
export type StepCertainty = 'certain' | 'likely' | 'possible' | 'slight';

/** A step that a permission allows. */
export interface PermissionStep {
  /** Stable: grant, attack, target. */
  id: string;
  identity: string;
  cluster: string;
  /** Name in the table of attacks: `read-secrets`. */
  attack: string;
  target: PermissionTarget;
  /** Namespace of what it opens; empty for the whole cluster. */
  namespace: string;
  /** Names to which `resourceNames` limits it; empty for all. */
  names: string[];
  certainty: StepCertainty;
  /** What it takes beside the permission; empty where nothing. */
  takes: string;
  /** Pods made with it obey the namespace's Pod Security level. */
  podSecurity: boolean;
  /** Pods made with it obey the cluster's admission policies. */
  policies: boolean;
  /** "can read every secret in shop". */
  phrase: string;
  /** "ClusterRoleBinding ops gives ClusterRole view". */
  reason: string;
  places: Place[];
}

/** Who there is, what each may do, and which steps that opens. */
export interface IdentityFacts {
  identities: Identity[];
  grants: Grant[];
  steps: PermissionStep[];
  /** Workload id to the identity whose token its pods hold. */
  tokens: Map<string, string>;
  /** Workload id to the identity it runs as, whether or not the token is mounted. */
  runsAs: Map<string, string>;
  unknowns: Unknown[];
}
