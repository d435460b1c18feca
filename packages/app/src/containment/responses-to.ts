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
}

/** Pods, containers and workloads of one incident for which responses are looked at, each. */
const MOST = 4;
const SCALABLE: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'CronJob']);

/** What could be done about what an incident touches, and nothing else: what keeps evidence first, what ends more last. */
export function responsesTo({ processes, subjects }: Incident): PossibleResponse[] {
  const subjectPods = subjects.flatMap((subject) => {
    const { namespace, kind, name } = partsOf(subject);
    return kind === 'Pod' ? [`${namespace}/${name}`] : [];
  });
  const pods = distinct([...processes.flatMap(({ pod }) => pod ?? []), ...subjectPods]);
  const workloads = distinct(subjects.filter((subject) => SCALABLE.has(partsOf(subject).kind)));
  const containers = distinctContainers(processes);
  return [
    ...pods.map((pod) => ofPod('quarantine', pod)),
    ...containers.flatMap((container) => [
      ofContainer('snapshot', container),
      ofContainer('stop-container', container),
    ]),
    ...pods.map((pod) => ofPod('delete-pod', pod)),
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
  const id = containerId.replace(/^[a-z-]+:\/\//, '');
  return { id: `${response} ${id.slice(0, 12)}`, response, config: { container: id }, inCluster: false, node };
}

/** Containers of no pod: those of pods are the kubelet's, which would start them again. */
function distinctContainers(processes: readonly IncidentProcess[]): IncidentProcess[] {
  const own = processes.filter(({ containerId, pod }) => containerId !== undefined && pod === undefined);
  return [...new Map(own.map((process) => [process.containerId, process])).values()].slice(0, MOST);
}

const distinct = (names: readonly string[]): string[] => [...new Set(names)].slice(0, MOST);

function partsOf(subject: string): { namespace: string; kind: string; name: string } {
  const [namespace = '', kind = '', name = '', ...rest] = subject.split('/');
  return rest.length > 0 || name === '' ? { namespace: '', kind: '', name: subject } : { namespace, kind, name };
}
