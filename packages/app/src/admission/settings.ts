/** Who may let a request through that policies refuse. */
export interface BreakGlassSettings {
  users: readonly string[];
  groups: readonly string[];
  /** Whether the API server is asked too: the verb `bypass` on `policies` of `breakwater.dev`. */
  asksPermission: boolean;
  /** Longest time, in hours, for which an object may carry it. */
  mostHours: number;
}

/** How admission answers. */
export interface AdmissionSettings {
  /** Name of the cluster, for ids; undefined takes that of the snapshot. */
  cluster: string | undefined;
  /** Namespaces that are never judged: ours and the system's. */
  excludedNamespaces: ReadonlySet<string>;
  /** What is answered where a request could not be judged: `ignore` lets it through with a warning, `fail` refuses. */
  failure: 'ignore' | 'fail';
  /** What is answered where a policy that blocks could not be decided. */
  undecided: 'warn' | 'block';
  breakGlass: BreakGlassSettings;
  /** Address of the console, for links; without a slash at the end. */
  console: string;
  /** Milliseconds after which the snapshot counts as old. */
  oldAfter: number;
}

/** Kubernetes' own namespaces: refusing there can take a cluster down. */
export const SYSTEM_NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease'] as const;

/** What holds where nothing else is said: fails open, and nobody may break the glass. */
export const DEFAULT_SETTINGS: AdmissionSettings = {
  cluster: undefined,
  excludedNamespaces: new Set(SYSTEM_NAMESPACES),
  failure: 'ignore',
  undecided: 'warn',
  breakGlass: { users: [], groups: [], asksPermission: false, mostHours: 24 },
  console: 'http://127.0.0.1:7070',
  oldAfter: 15 * 60_000,
};
