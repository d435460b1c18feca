import type { Incident, IncidentProcess } from '@breakwater/model';

/** Something that could be done about an incident, named and not looked at. */
export interface PossibleResponse {
  /** `quarantine shop/cart-x2x4k`: as it is typed after `breakwater respond`. */
  id: string;
  response: string;
  config: Record<string, unknown>;
  inCluster: boolean;
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
  const subjectPods = subjects.flatMap((subject) => {
    const { namespace, kind, name } = partsOf(subject);
    return kind === 'Pod' ? [`${namespace}/${name}`] : [];
  });
  const pods = distinct([...processes.flatMap(({ pod }) => pod ?? []), ...subjectPods]);
  const workloads = distinct(subjects.filter((subject) => SCALABLE.has(partsOf(subject).kind)));
  const nodes = distinct(processes.flatMap(({ pod, node }) => (pod === undefined ? [] : (node ?? []))));
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
    ...nodes.map((node) => ({ id: `cordon ${node}`, response: 'cordon', config: { node }, inCluster: true })),
    ...workloads.map((subject) => ({
      id: `scale-to-zero ${subject}`,
      response: 'scale-to-zero',
      config: partsOf(subject),
      inCluster: true,
    })),
  ];
}

function ofPod(response: string, pod: string): PossibleResponse {
  const [namespace = '', name = ''] = pod.split('/');
  return { id: `${response} ${pod}`, response, config: { namespace, pod: name }, inCluster: true };
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

const distinct = (names: readonly string[]): string[] => [...new Set(names)].slice(0, MOST);

function partsOf(subject: string): { namespace: string; kind: string; name: string } {
  const [namespace = '', kind = '', name = '', ...rest] = subject.split('/');
  return rest.length > 0 || name === '' ? { namespace: '', kind: '', name: subject } : { namespace, kind, name };
}
