import type { Container, Volume, Workload } from '@breakwater/model';
import { type DangerousCapability, isDangerousCapability } from '../../inventory/index.ts';
import type { SettingName } from './settings.ts';

/** A way from a container to its node. */
export interface Escape {
  /** Stable name inside the workload. */
  name: string;
  strength: SettingName;
  /** "mounts the container runtime socket". */
  phrase: string;
  /** Settings that lower it, with the words for each. */
  hindrances: SettingName[];
  container: Container | undefined;
}

/** Capabilities that lead to the node, how far, and by what. */
const capabilityEscapes: Readonly<Record<DangerousCapability, readonly [SettingName, string]>> = {
  ALL: ['escapeCertain', 'has every capability'],
  SYS_MODULE: ['escapeCertain', 'may load kernel modules'],
  SYS_ADMIN: ['escapeHigh', 'may mount file systems (SYS_ADMIN)'],
  SYS_RAWIO: ['escapeLikely', 'may read and write the memory of the node (SYS_RAWIO)'],
  DAC_READ_SEARCH: ['escapeLikely', 'may open files by handle (DAC_READ_SEARCH)'],
  BPF: ['escapePossible', 'may load programs into the kernel (BPF)'],
  PERFMON: ['escapeSlight', 'may trace the kernel (PERFMON)'],
  SYS_PTRACE: ['escapeSlight', 'may trace processes (SYS_PTRACE)'],
  NET_ADMIN: ['escapeSlight', 'may change the network (NET_ADMIN)'],
  SYS_BOOT: ['escapeSlight', 'may load another kernel (SYS_BOOT)'],
  SYSLOG: ['escapeSlight', 'reads addresses of the kernel (SYSLOG)'],
};

const socketPath =
  /(docker|containerd|crio|cri-dockerd|dockershim|podman|k3s\/containerd\/containerd|buildkitd)\.sock$/;

/** Paths of the node, longest first, with what writing and what reading them leads to. */
const pathEscapes: readonly (readonly [path: string, write: SettingName, read: SettingName])[] = [
  ['/var/lib/kubelet/device-plugins', 'escapePossible', 'escapeSlight'],
  ['/var/lib/kubelet/plugins_registry', 'escapePossible', 'escapeSlight'],
  ['/var/lib/docker/containers', 'escapeLikely', 'escapeSlight'],
  ['/var/lib/kubelet', 'escapeCertain', 'escapeLikely'],
  ['/var/lib/containerd', 'escapeHigh', 'escapePossible'],
  ['/var/lib/docker', 'escapeHigh', 'escapePossible'],
  ['/var/lib/etcd', 'escapeHigh', 'escapeHigh'],
  ['/etc/kubernetes', 'escapeCertain', 'escapeHigh'],
  ['/etc/cni', 'escapeHigh', 'escapeSlight'],
  ['/opt/cni', 'escapeHigh', 'escapeSlight'],
  ['/lib/modules', 'escapeHigh', 'escapeSlight'],
  ['/proc', 'escapeCertain', 'escapePossible'],
  ['/root', 'escapeCertain', 'escapeLikely'],
  ['/home', 'escapeHigh', 'escapePossible'],
  ['/boot', 'escapeLikely', 'escapeSlight'],
  ['/dev', 'escapeHigh', 'escapeLikely'],
  ['/sys', 'escapeHigh', 'escapeSlight'],
  ['/etc', 'escapeCertain', 'escapePossible'],
  ['/run', 'escapeHigh', 'escapeHigh'],
  ['/var/run', 'escapeHigh', 'escapeHigh'],
  ['/var/log', 'escapePossible', 'escapeSlight'],
  ['/var/lib', 'escapeCertain', 'escapeLikely'],
  ['/var', 'escapeCertain', 'escapeLikely'],
  ['/usr', 'escapeHigh', 'escapeSlight'],
  ['/bin', 'escapeHigh', 'escapeSlight'],
  ['/sbin', 'escapeHigh', 'escapeSlight'],
  ['/lib', 'escapeHigh', 'escapeSlight'],
  ['/opt', 'escapePossible', 'escapeSlight'],
  ['/', 'escapeCertain', 'escapeLikely'],
];

/** Files and folders that tell nothing secret; writing them counts as writing what holds them. */
const harmlessToRead =
  /^\/(etc\/(passwd|group|hostname|hosts|localtime|timezone|machine-id|os-release|ssl|pki|ca-certificates)|usr\/(share|lib\/os-release)|sys\/fs\/cgroup)(\/|$)/;

/** Every way from a workload's containers to the node it runs on. */
export function escapesOf(workload: Workload): Escape[] {
  return [
    ...podEscapes(workload),
    ...workload.containers.flatMap((container) => [
      ...settingEscapes(workload, container),
      ...container.mounts.flatMap((mount) => {
        const volume = workload.volumes.find(({ name, kind }) => name === mount.volume && kind === 'hostPath');
        return volume === undefined ? [] : pathEscape(workload, container, volume, mount.readOnly);
      }),
    ]),
  ];
}

function podEscapes(workload: Workload): Escape[] {
  const found: Escape[] = [];
  const add = (name: string, strength: SettingName, phrase: string) =>
    found.push({ name, strength, phrase, hindrances: [], container: undefined });
  const traces = workload.containers.some(({ security }) => security.capabilitiesAdded.includes('SYS_PTRACE'));
  if (workload.hostPID && traces) add('trace-node', 'escapeHigh', 'sees the processes of its node and may trace them');
  if (workload.hostPID) add('host-pid', 'escapePossible', 'sees the processes of its node');
  if (workload.hostIPC) add('host-ipc', 'escapeSlight', 'shares memory with processes of its node');
  if (workload.hostNetwork) add('host-network', 'escapeSlight', 'reaches services of its node that listen locally');
  return found;
}

function settingEscapes(workload: Workload, container: Container): Escape[] {
  const { security, name } = container;
  const found: Escape[] = [];
  const hindrances = [...userHindrances(workload, container), ...rootHindrance(container)];
  if (security.privileged)
    found.push({
      name: `privileged/${name}`,
      strength: 'escapeCertain',
      phrase: 'runs privileged',
      hindrances,
      container,
    });
  const confined = seccompHindrance(container);
  for (const capability of security.capabilitiesAdded) {
    if (!isDangerousCapability(capability)) continue;
    const [strength, phrase] = capabilityEscapes[capability];
    found.push({
      name: `capability/${name}/${capability}`,
      strength,
      phrase,
      hindrances: [...hindrances, ...confined],
      container,
    });
  }
  if (security.procMount === 'Unmasked')
    found.push({
      name: `proc-mount/${name}`,
      strength: 'escapePossible',
      phrase: 'sees all of /proc',
      hindrances: [...hindrances, ...confined],
      container,
    });
  return found;
}

function pathEscape(workload: Workload, container: Container, volume: Volume, readOnly: boolean): Escape[] {
  const path = normalPath(volume.from ?? '');
  if (path === undefined) return [];
  const name = `host-path/${container.name}/${path}/${readOnly ? 'read' : 'write'}`;
  const hindrances = userHindrances(workload, container);
  if (socketPath.test(path))
    return [{ name, strength: 'escapeCertain', phrase: 'mounts the container runtime socket', hindrances, container }];
  if (readOnly && harmlessToRead.test(path)) return [];
  const [, write, read] =
    pathEscapes.find(([known]) => path === known || path.startsWith(known === '/' ? '/\u0000' : `${known}/`)) ?? [];
  const strength = (readOnly ? read : write) ?? (readOnly ? undefined : 'escapeSlight');
  if (strength === undefined) return [];
  const what = path === '/' ? 'the whole disk' : path;
  return [{ name, strength, phrase: `${readOnly ? 'reads' : 'writes'} ${what} of its node`, hindrances, container }];
}

/** Without doubled and trailing slashes; undefined where it is no absolute path. */
function normalPath(path: string): string | undefined {
  if (!path.startsWith('/')) return undefined;
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return `/${parts.join('/')}`;
}

function userHindrances(workload: Workload, { security }: Container): SettingName[] {
  const plain = security.runAsNonRoot === true || (security.runAsUser ?? 0) > 0;
  return [
    ...(workload.hostUsers === false ? (['userNamespaceFactor'] as const) : []),
    ...(plain ? (['unprivilegedUserFactor'] as const) : []),
  ];
}

function rootHindrance({ security }: Container): SettingName[] {
  return security.readOnlyRootFilesystem === true ? ['readOnlyFactor'] : [];
}

function seccompHindrance({ security }: Container): SettingName[] {
  const profile = security.seccompProfile;
  return security.privileged || profile === undefined || profile === 'Unconfined' ? [] : ['seccompFactor'];
}
