import type { Grant } from '@breakwater/engine/identity';
import type { Container, Json, Workload } from '@breakwater/model';
import { endpointsOf } from './endpoint-edges.ts';
import { type Estate, permissionSetOf } from './read-estate.ts';

/** Properties of a vertex by the names that KubeHound's reference gives them. */
export type Row = Record<string, unknown>;

/** What there is of each class in an estate. */
export const vertices: Readonly<Record<string, (estate: Estate) => Row[]>> = {
  Container: (estate) =>
    estate.workloads.flatMap((workload) => workload.containers.map((each) => containerRow(estate, workload, each))),
  Pod: (estate) =>
    estate.workloads
      .filter(({ kind }) => kind === 'Pod')
      .map((pod) => ({
        ...inside(pod.namespace),
        name: pod.name,
        serviceAccount: pod.serviceAccount,
        shareProcessNamespace: estate.sharing.has(pod.id),
        node: estate.nodeOf(pod).name,
      })),
  Node: ({ nodes }) => nodes.map(({ name }) => ({ ...inside(''), name })),
  Volume: (estate) =>
    estate.workloads.flatMap((workload) => workload.containers.flatMap((each) => mounts(workload, each))),
  Identity: ({ identity: { identities, grants } }) => {
    const bound = new Set(grants.map((grant) => grant.identity));
    return identities
      .filter(({ id }) => bound.has(id))
      .map(({ name, kind, namespace }) => ({ ...inside(namespace), name, type: kind }));
  },
  PermissionSet: ({ identity: { grants } }) =>
    [...new Map(grants.map((grant) => [`${grant.binding} ${grant.role}`, grant])).values()].map(permissionRow),
  Endpoint: (estate) =>
    endpointsOf(estate).map(({ container: _, ...endpoint }) => ({ ...inside(endpoint.namespace), ...endpoint })),
};

/** The class that a question in words begins with: "containers of ...", "host path volumes of ...". */
export function classIn(question: string): string | undefined {
  const words: readonly [start: RegExp, vertex: string][] = [
    [/^containers?\b/i, 'Container'],
    [/^pods?\b/i, 'Pod'],
    [/^nodes?\b/i, 'Node'],
    [/^(host path )?volumes?\b|^host ?mounts?\b/i, 'Volume'],
    [/^(identities|identity|users?|groups?|service ?accounts?)\b/i, 'Identity'],
    [/^(permission ?sets?|permissions?|roles?)\b/i, 'PermissionSet'],
    [/^(endpoints?|services?)\b/i, 'Endpoint'],
  ];
  return words.find(([start]) => start.test(question))?.[1];
}

const inside = (namespace: string): Row => ({
  namespace,
  isNamespaced: namespace !== '',
  compromised: 0,
  critical: false,
});

function containerRow(estate: Estate, workload: Workload, { name, image, security, ports, pointer }: Container): Row {
  const [list, at] = pointer.slice(-2) as [string, number];
  const written = (estate.specs.get(workload.id)?.[list] as Record<string, Json>[] | undefined)?.[at] ?? {};
  const { hostPID, hostIPC, hostNetwork } = workload;
  return {
    ...inside(workload.namespace),
    name,
    image,
    command: written['command'] ?? [],
    args: written['args'] ?? [],
    capabilities: security.capabilitiesAdded,
    privileged: security.privileged,
    privesc: security.allowPrivilegeEscalation ?? false,
    hostPid: hostPID,
    hostIpc: hostIPC,
    hostNetwork,
    runAsUser: security.runAsUser ?? 0,
    ports: ports.map(({ containerPort }) => String(containerPort)),
    pod: workload.name,
    node: estate.nodeOf(workload).name,
  };
}

function mounts({ namespace, volumes }: Workload, container: Container): Row[] {
  return container.mounts.flatMap(({ volume, path, readOnly }) => {
    const found = volumes.find(({ name }) => name === volume);
    if (found?.kind !== 'hostPath') return [];
    return {
      ...inside(namespace),
      name: volume,
      type: 'HostPath',
      sourcePath: found.from,
      mountPath: path,
      readonly: readOnly,
    };
  });
}

function permissionRow(grant: Grant): Row {
  const { name, namespace } = permissionSetOf(grant);
  const [role, roleBinding] = name.split('::');
  return { ...inside(namespace), name, role, roleBinding, critical: isCritical(grant) };
}

/** Whether a grant is the cluster: everything on everything, everywhere. */
export const isCritical = ({ namespace, rules }: Grant): boolean =>
  namespace === '' &&
  rules.some(
    ({ apiGroups, resources, verbs, resourceNames }) =>
      [apiGroups, resources, verbs].every((words) => words.includes('*')) && resourceNames.length === 0,
  );
