import {
  type Incident,
  type IncidentProcess,
  type SubjectWorkload,
  subjectOfWorkload,
  workloadOfSubject,
} from '@breakwater/model';

/** Something that could be done about an incident, named and not looked at. */
export interface PossibleResponse {
  /** `quarantine shop/cart-x2x4k --context east`: as it is typed after `breakwater respond`. */
  id: string;
  response: string;
  config: Record<string, unknown>;
  inCluster: boolean;
  /** Name of the cluster that it happened in; absent where nobody told. */
  cluster?: string | undefined;
  /** Name of the node, for what can be done there alone; absent where nobody told. */
  node?: string | undefined;
  /** Id of the container that a process has to be of. */
  container?: string | undefined;
}

/** Pods, containers and workloads of one incident for which responses are looked at, each. */
const MOST = 4;
const SCALABLE: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'CronJob']);

/** What could be done about what an incident touches, and nothing else: what keeps evidence first, what ends more last. */
export function responsesTo({ processes, subjects, entries }: Incident): PossibleResponse[] {
  const named = subjects.flatMap((subject) => workloadOfSubject(subject) ?? []);
  const pods = distinct([...processes.flatMap(podOf), ...named.filter(({ kind }) => kind === 'Pod')]);
  const workloads = distinct(named.filter(({ kind }) => SCALABLE.has(kind)));
  const nodes = distinct(processes.flatMap(nodeOf));
  const containers = distinctContainers(processes);
  const culprits = new Set(entries.flatMap(({ process, kind }) => (kind === 'context' ? [] : (process ?? []))));
  return [
    ...pods.map((pod) => ofPod('quarantine', pod)),
    ...containers.map((container) => ofContainer('snapshot', container)),
    ...processes
      .filter(({ id }) => culprits.has(id))
      .flatMap(ofProcess)
      .slice(0, MOST),
    // Those of pods are the kubelet's, which would start them again.
    ...containers.filter(({ pod }) => pod === undefined).map((container) => ofContainer('stop-container', container)),
    ...pods.map((pod) => ofPod('delete-pod', pod)),
    ...nodes.map(({ name, cluster }) => inCluster('cordon', name, { node: name }, cluster)),
    ...workloads.map(({ cluster, ...own }) => inCluster('scale-to-zero', subjectOfWorkload(own), { ...own }, cluster)),
  ];
}

function ofPod(response: string, { cluster, namespace, name }: SubjectWorkload): PossibleResponse {
  return inCluster(response, `${namespace}/${name}`, { namespace, pod: name }, cluster);
}

function inCluster(
  response: string,
  target: string,
  config: PossibleResponse['config'],
  cluster: string | undefined,
): PossibleResponse {
  const id = [response, target, ...(cluster === undefined ? [] : ['--context', cluster])].join(' ');
  return { id, response, config, inCluster: true, ...(cluster !== undefined && { cluster }) };
}

/** The pod of a process, of the cluster that its workload is of. */
function podOf({ pod, subject }: IncidentProcess): SubjectWorkload[] {
  const [namespace = '', name = ''] = pod?.split('/') ?? [];
  return pod === undefined ? [] : [{ ...clusterOf(subject), namespace, kind: 'Pod', name }];
}

function nodeOf({ pod, node, subject }: IncidentProcess): SubjectWorkload[] {
  return pod === undefined || node === undefined
    ? []
    : [{ ...clusterOf(subject), namespace: '', kind: 'Node', name: node }];
}

function clusterOf(subject: string): Pick<SubjectWorkload, 'cluster'> {
  const cluster = workloadOfSubject(subject)?.cluster;
  return cluster === undefined ? {} : { cluster };
}

function ofContainer(response: string, { containerId = '', node }: IncidentProcess): PossibleResponse {
  const id = bare(containerId);
  return { id: `${response} ${id.slice(0, 12)}`, response, config: { container: id }, inCluster: false, node };
}

/** Only with the container that it is of is it known again. */
function ofProcess({ pid, containerId, node }: IncidentProcess): PossibleResponse[] {
  if (pid === undefined || containerId === undefined) return [];
  const known = { node, container: bare(containerId) };
  return [{ id: `kill-process ${pid}`, response: 'kill-process', config: { pid }, inCluster: false, ...known }];
}

/** Without the name of its runtime in front. */
const bare = (containerId: string): string => containerId.replace(/^[a-z-]+:\/\//, '');

function distinctContainers(processes: readonly IncidentProcess[]): IncidentProcess[] {
  const own = processes.filter(({ containerId }) => containerId !== undefined);
  return [...new Map(own.map((process) => [process.containerId, process])).values()].slice(0, MOST);
}

const distinct = (all: readonly SubjectWorkload[]): SubjectWorkload[] =>
  [...new Map(all.map((one) => [subjectOfWorkload(one), one])).values()].slice(0, MOST);
