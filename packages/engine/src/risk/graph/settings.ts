/** A number of the model, and why it is what it is. */
export interface Setting {
  value: number;
  reason: string;
}

/**
 * Every number that is not read from the estate: starting points and probabilities (0 to 1), values (points), counts.
 * Each can be set; none stands anywhere else.
 */
export const settingTable = {
  // where attacks begin
  internet: { value: 1, reason: 'somebody on the Internet always tries' },
  humanCredential: { value: 0.05, reason: 'about one in twenty credentials of people leaks in a year' },
  maliciousImage: { value: 0.01, reason: 'a dependency or base image is poisoned about once in a hundred images' },
  pipedDownload: { value: 0.02, reason: 'its build runs what an address on the Internet gives on that day' },
  neighbour: { value: 0.05, reason: 'an attacker already stands in the network around the nodes' },
  gatewayUnseen: { value: 0.8, reason: 'whether a controller serves this gateway is not among what was given' },
  anonymousApi: { value: 0.3, reason: 'the API server may be reachable by whoever has no credential' },

  // whether a vulnerability is used, and works here
  knownExploited: { value: 0.95, reason: 'CISA lists it as used by attackers' },
  noEpss: { value: 0.001, reason: 'no EPSS value: what half of all CVEs stay below' },
  vectorNetwork: { value: 1, reason: 'works over the network without privileges or a user' },
  vectorUserInteraction: { value: 0.1, reason: 'needs somebody to open or click something, rare in a server' },
  vectorLowPrivileges: { value: 0.3, reason: 'needs an account of the application' },
  vectorHighPrivileges: { value: 0.05, reason: 'needs an administrator of the application' },
  vectorHighComplexity: { value: 0.5, reason: 'needs conditions that the attacker does not control' },
  vectorAdjacent: { value: 0.05, reason: 'works only from the neighbouring network' },
  vectorLocal: { value: 0.01, reason: 'needs a local account: it does not open the door' },
  vectorUnknown: { value: 0.3, reason: 'no vector: some flaws work over the network' },
  vectorReadOnly: { value: 0.3, reason: 'discloses data: takes over nothing by itself' },
  noBreakIn: { value: 0.01, reason: 'harms availability only: nothing is taken over' },
  evidenceSeen: { value: 1, reason: 'the component was executed or loaded here' },
  evidenceUnknown: { value: 0.3, reason: 'whether the component is ever loaded was not observed' },
  evidenceUnknownBest: { value: 0.02, reason: 'at best the component is never loaded' },
  evidenceUnknownWorst: { value: 1, reason: 'at worst the component is loaded all the time' },
  evidenceNotSeen: { value: 0.02, reason: 'present, and not seen in complete days of observation' },
  lowConfidence: { value: 0.5, reason: 'the advisory source guesses the package' },
  namedExploit: {
    value: 0.05,
    reason: 'from here on a CVE is an event of its own; rarer ones count as their component’s worst',
  },

  // doors without a CVE
  exposedFlaw: {
    value: 0.05,
    reason: 'an application that the Internet can reach has an unpublished flaw or a stolen password',
  },
  lateralFlaw: { value: 0.02, reason: 'an application has a flaw that a neighbour can use' },
  unreadableImage: { value: 0.1, reason: 'what the image holds is unknown: between nothing and a coin toss' },
  unreadableImageBest: { value: 0, reason: 'at best the image has no usable flaw' },
  unreadableImageWorst: { value: 0.5, reason: 'at worst every second such image can be broken into' },
  openService: { value: 0.5, reason: 'asks for no password as installed: its data are open, and often its host' },
  guessableService: { value: 0.1, reason: 'a service of this kind is often left with its default password' },
  undeclaredPort: { value: 0.3, reason: 'a container that declares no port seldom listens' },
  batchPort: { value: 0.05, reason: 'a job does not listen as a rule' },

  // from the container to the node
  escapeCertain: { value: 0.95, reason: 'this setting is the escape: no flaw is needed' },
  escapeHigh: { value: 0.8, reason: 'a published way out works in most places' },
  escapeLikely: { value: 0.5, reason: 'a published way out works under conditions' },
  escapePossible: { value: 0.2, reason: 'a way out needs a second weakness' },
  keysOnWorker: { value: 0.1, reason: 'control-plane nodes keep these, workers only where one node is all there is' },
  escapeSlight: { value: 0.05, reason: 'helps an escape and is none by itself' },
  seccompFactor: { value: 0.7, reason: 'a seccomp profile refuses some of the calls that an escape needs' },
  userNamespaceFactor: { value: 0.2, reason: 'root in the container is nobody on the node' },
  readOnlyFactor: { value: 0.9, reason: 'a read-only root hampers tools' },
  appArmorFactor: { value: 0.7, reason: 'an AppArmor profile refuses mounts and writes below /proc and /sys' },
  sandboxFactor: { value: 0.1, reason: 'the pod has a kernel of its own (gVisor, Kata): it must be left first' },
  unprivilegedUserFactor: { value: 0.5, reason: 'the process is not root, and must become it first' },

  // flaws of the node's kernel and container runtime
  nodeFlawKnownExploited: { value: 0.95, reason: 'CISA lists it as used by attackers' },
  nodeFlawPublic: { value: 0.3, reason: 'a tool for it is public' },
  nodeFlawWorks: { value: 0.5, reason: 'published tools work in most containers on such a kernel' },
  nodeFlawNeedsNamespace: {
    value: 0.25,
    reason: 'it needs a user namespace of its own, which some nodes and every seccomp profile refuse',
  },
  nodeFlawFiltered: { value: 0.02, reason: 'the seccomp profile refuses the calls that it needs' },
  distributionKernel: {
    value: 0.2,
    reason: 'a distribution takes fixes back into its kernel, and the number does not tell which',
  },

  // between containers of a pod
  sharedProcesses: {
    value: 0.9,
    reason: 'with a process namespace in common, memory, environment and files of the other containers are in /proc',
  },
  besideContainer: {
    value: 0.2,
    reason: 'containers of a pod share its network and volumes: from one the other is attacked where it trusts them',
  },

  // from the node onward
  smallestCluster: {
    value: 3,
    reason: 'nodes assumed where the manifests name none: the fewest that survive the loss of one',
  },
  podsPerNode: { value: 30, reason: 'pods assumed on a node: what clusters run on average' },
  nodeToControlPlane: {
    value: 0.05,
    reason: 'a node credential is limited by the API server, and the limits are sometimes off',
  },
  controlPlaneNode: { value: 0.95, reason: 'the keys of the API server lie on the disks of a control-plane node' },
  controlPlaneShare: { value: 0.3, reason: 'a pod that tolerates control-plane nodes may land there' },

  // what neighbours say in plain text
  listenOnNode: { value: 0.8, reason: 'on the network of the node all that its pods say passes by' },
  listenOnBridge: { value: 0.3, reason: 'pods of a node share a bridge, where one may answer in the name of another' },
  listenOnUnknown: { value: 0.05, reason: 'whether the network of the pods is a bridge is not known: most are routed' },
  overheardData: { value: 0.3, reason: 'who reads a session of a data store has its password, or the data' },
  overheardWeb: { value: 0.05, reason: 'plain HTTP shows a password or a session now and then' },

  // what tenants do to each other’s callers and nodes
  contestedName: { value: 0.5, reason: 'which of two claims on one name or address is served is not known' },
  takenCallers: {
    value: 0.1,
    reason: 'who answers in the name of another is sent sessions and passwords now and then',
  },
  starvedNode: { value: 0.9, reason: 'without a limit whoever runs code there may use all memory of the node' },
  floodedService: { value: 0.05, reason: 'an open service without a limit is brought to use all memory now and then' },
  outageShare: { value: 0.1, reason: 'an outage costs a tenth of what it costs to lose a workload: it ends by itself' },

  // permissions and credentials
  permission: { value: 1, reason: 'the API server allows it' },
  permissionLikely: { value: 0.7, reason: 'the API server allows it, and it works in most clusters' },
  permissionPossible: { value: 0.2, reason: 'the API server allows it, and it works under conditions' },
  permissionSlight: { value: 0.02, reason: 'the API server allows it, and it seldom leads further' },
  systemAccounts: { value: 0.9, reason: 'service accounts of controllers in kube-system may do almost anything' },
  controlPlanePod: { value: 0.5, reason: 'a pod may choose a control-plane node where the cluster shows one' },
  secretsToAdmin: { value: 0.5, reason: 'among all secrets there is often a credential of an administrator' },
  credentialUse: {
    value: 0.9,
    reason: 'what a workload mounts or reads from its environment can be read by who runs code in it',
  },
  samePassword: { value: 0.5, reason: 'both have the same password: who signs in with it has the data' },
  namedHost: {
    value: 0.3,
    reason: 'it names this server as a host and has a password, which is likely the one for it',
  },
  writtenSecret: {
    value: 0.03,
    reason: 'whoever reads the repository or the object has it, and about one repository in thirty leaks in a year',
  },
  imageSecret: {
    value: 0.05,
    reason: 'whoever may pull the image reads every layer of it, and about one registry in twenty is open to others',
  },
  pulledSecret: { value: 0.9, reason: 'the kubelet keeps what it pulls images with on the node' },
  sharedVolume: {
    value: 0.1,
    reason: 'what one workload writes into a shared volume, another reads, and sometimes runs',
  },
  sharedVolumeData: { value: 0.9, reason: 'whoever mounts the data holds them' },
  podSecurityFactor: { value: 0.05, reason: 'the namespace refuses pods that could escape' },

  // values, in points
  valueControlPlane: { value: 100, reason: 'whoever holds the control plane holds everything in the cluster' },
  valueProduction: { value: 10, reason: 'a workload in a namespace marked production' },
  valueDevelopment: { value: 1, reason: 'a workload in a namespace marked development' },
  valueUnknown: { value: 5, reason: 'a workload in a namespace that is not marked' },
  valueVolume: { value: 10, reason: 'a persistent volume holds data' },
  valueSecretCloud: { value: 20, reason: 'by its keys it opens a cloud account' },
  valueSecretDatabase: { value: 15, reason: 'by its keys it opens a database' },
  valueSecretToken: { value: 12, reason: 'by its type or keys it is a token or password' },
  valueSecretKey: { value: 10, reason: 'by its type or keys it holds a private key' },
  valueSecretRegistry: { value: 8, reason: 'it opens an image registry' },
  valueSecretOther: { value: 5, reason: 'what it opens cannot be told from its keys' },
} as const satisfies Record<string, Setting>;

/** Name of a setting. */
export type SettingName = keyof typeof settingTable;

/** What a namespace is for. */
export type Stage = 'production' | 'development' | 'unknown';

/** The model's numbers, and what the owner says about namespaces. */
export interface RiskSettings {
  numbers: Readonly<Record<SettingName, number>>;
  /** By `cluster/namespace` or `namespace`; stands above labels, annotations and names. */
  stages: Readonly<Record<string, Stage>>;
}

/** The settings as shipped, with some replaced. */
export function riskSettings(
  numbers: Partial<Record<SettingName, number>> = {},
  stages: Record<string, Stage> = {},
): RiskSettings {
  const shipped = Object.fromEntries(Object.entries(settingTable).map(([name, setting]) => [name, setting.value]));
  return { numbers: { ...(shipped as Record<SettingName, number>), ...numbers }, stages };
}

/** Why a setting has its value, for the reason of an edge. */
export function settingReason(name: SettingName): string {
  return settingTable[name].reason;
}
