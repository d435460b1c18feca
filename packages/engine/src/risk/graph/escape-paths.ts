import type { SettingName } from './settings.ts';

/** What a mounted path of the node gives: by writing, and by reading; undefined where it gives nothing. */
export interface PathDanger {
  write: SettingName;
  read: SettingName | undefined;
  /** What an attacker does with it. */
  how: string;
  /** Only control-plane nodes have it: what is read there, or also what is written. */
  ofControlPlane?: 'read' | 'both';
}

/** A socket on the node behind which somebody obeys every caller. A read-only mount does not stop callers. */
export interface SocketDanger {
  strength: SettingName;
  /** "mounts the container runtime socket". */
  phrase: string;
  how: string;
}

const runtime: SocketDanger = {
  strength: 'escapeCertain',
  phrase: 'mounts the container runtime socket',
  how: 'the runtime starts a privileged container for whoever asks',
};

/** Sockets by their path, the first that fits. */
const sockets: readonly (readonly [path: RegExp, danger: SocketDanger])[] = [
  [/(^|\/)(docker|containerd|crio|cri-dockerd|dockershim|podman|balena-engine)\.sock$/, runtime],
  [
    /(^|\/)buildkitd?\.sock$/,
    { ...runtime, phrase: 'mounts the socket of a builder', how: 'a build may ask for a privileged step' },
  ],
  [
    /(^|\/)nri\.sock$/,
    {
      strength: 'escapeCertain',
      phrase: 'mounts the plug-in socket of the container runtime (NRI)',
      how: 'a plug-in changes every container that starts on the node',
    },
  ],
  [
    /\/(dbus\/system_bus_socket|systemd\/private)$/,
    {
      strength: 'escapeHigh',
      phrase: 'mounts the socket of systemd',
      how: 'systemd starts a service as root of the node for root',
    },
  ],
  [
    /\/device-plugins\/kubelet\.sock$/,
    {
      strength: 'escapePossible',
      phrase: 'mounts the kubelet’s socket for device plug-ins',
      how: 'a device plug-in has paths and devices of the node put into other pods',
    },
  ],
  [
    /\/plugins\/.+\/csi\.sock$|\/plugins_registry\/.+\.sock$/,
    {
      strength: 'escapeLikely',
      phrase: 'mounts the socket of a storage driver',
      how: 'the driver mounts volumes of other pods, as root of the node',
    },
  ],
  [
    /\/pod-resources\/kubelet\.sock$/,
    {
      strength: 'escapeSlight',
      phrase: 'mounts the kubelet’s socket that lists pods',
      how: 'it shows which pods run on the node',
    },
  ],
];

const root = 'programs, units and keys of the node lie below it';
const programs = 'the node runs programs that lie there';
const sharedRun = 'sockets of the container runtime and of systemd lie below it';

/** Paths of the node, longest first: what lies below a path counts as the path. */
// biome-ignore format: one path is one line
const paths: readonly (readonly [path: string, write: SettingName, read: SettingName | undefined, how: string])[] = [
  ['/var/lib/kubelet/device-plugins', 'escapePossible', 'escapeSlight', 'a device plug-in has paths of the node put into other pods'],
  ['/var/lib/kubelet/plugins_registry', 'escapePossible', 'escapeSlight', 'the kubelet obeys plug-ins that register there'],
  ['/var/lib/kubelet/seccomp', 'escapeSlight', undefined, 'a changed profile lets other containers call what was forbidden'],
  ['/var/lib/docker/containers', 'escapeLikely', 'escapeSlight', 'settings and logs of every container lie there'],
  ['/var/lib/kubelet', 'escapeCertain', 'escapeLikely', 'tokens and secrets of every pod of the node, and its own key, lie there'],
  ['/var/lib/containerd', 'escapeHigh', 'escapePossible', 'the file systems of all containers lie there'],
  ['/var/lib/docker', 'escapeHigh', 'escapePossible', 'the file systems of all containers lie there'],
  ['/var/lib/containers', 'escapeHigh', 'escapePossible', 'the file systems of all containers lie there'],
  ['/var/lib/rancher', 'escapeHigh', 'escapeHigh', 'keys of the cluster and the file systems of all containers lie there'],
  ['/var/lib/etcd', 'escapeHigh', 'escapeHigh', 'the database of the cluster holds every secret'],
  ['/etc/kubernetes', 'escapeCertain', 'escapeHigh', 'the kubelet runs every pod that is written there, and keys lie beside them'],
  ['/srv/kubernetes', 'escapeHigh', 'escapeHigh', 'keys of the cluster lie there'],
  ['/etc/rancher', 'escapeHigh', 'escapeHigh', 'a credential of an administrator lies there'],
  ['/sys/fs/bpf', 'escapeLikely', 'escapeSlight', 'programs of the network and of sensors are pinned there'],
  ['/sys/fs/cgroup', 'escapeHigh', undefined, 'a release_agent that is written there runs on the node'],
  ['/run/containerd', 'escapeHigh', 'escapeHigh', 'the socket of the container runtime lies there'],
  ['/run/docker', 'escapeHigh', 'escapePossible', 'state of the container runtime lies there'],
  ['/run/crio', 'escapeHigh', 'escapeHigh', 'the socket of the container runtime lies there'],
  ['/run/flannel', 'escapeSlight', undefined, 'settings of the network lie there'],
  ['/run/xtables.lock', 'escapeSlight', undefined, 'a lock of the packet filter'],
  ['/dev/kmem', 'escapeLikely', 'escapePossible', 'it is the memory of the kernel, where the device may be opened'],
  ['/dev/mem', 'escapeLikely', 'escapePossible', 'it is the memory of the node, where the device may be opened'],
  ['/dev/shm', 'escapeSlight', 'escapeSlight', 'programs of the node share memory there'],
  ['/dev/net/tun', 'escapeSlight', undefined, 'it makes network interfaces'],
  ['/dev/fuse', 'escapeSlight', undefined, 'it serves file systems of its own'],
  ['/dev/kmsg', 'escapeSlight', undefined, 'it shows messages of the kernel'],
  ['/etc/cni', 'escapeHigh', 'escapeSlight', 'the kubelet runs network plug-ins that are named there'],
  ['/opt/cni', 'escapeHigh', 'escapeSlight', 'the kubelet runs network plug-ins that lie there'],
  ['/lib/modules', 'escapeHigh', 'escapeSlight', 'the kernel loads modules that lie there'],
  ['/proc', 'escapeCertain', 'escapePossible', 'core_pattern names a program that the kernel runs on the node'],
  ['/root', 'escapeCertain', 'escapeLikely', 'keys of the administrator lie there'],
  ['/home', 'escapeHigh', 'escapePossible', 'keys of people lie there'],
  ['/boot', 'escapeLikely', 'escapeSlight', 'the node starts a kernel that lies there'],
  ['/dev', 'escapePossible', 'escapePossible', 'disks of the node can be opened where its device rules allow it'],
  ['/sys', 'escapeHigh', 'escapeSlight', 'uevent_helper names a program that the kernel runs on the node'],
  ['/etc', 'escapeCertain', 'escapePossible', 'a line for cron or systemd runs on the node'],
  ['/run', 'escapeHigh', 'escapeHigh', sharedRun],
  ['/var/log', 'escapePossible', 'escapeSlight', 'the kubelet follows links there when somebody asks for logs'],
  ['/var/lib', 'escapeCertain', 'escapeLikely', 'tokens of all pods and the file systems of all containers lie below it'],
  ['/var', 'escapeCertain', 'escapeLikely', 'tokens of all pods and the file systems of all containers lie below it'],
  ['/usr', 'escapeHigh', 'escapeSlight', programs],
  ['/bin', 'escapeHigh', 'escapeSlight', programs],
  ['/sbin', 'escapeHigh', 'escapeSlight', programs],
  ['/lib', 'escapeHigh', 'escapeSlight', programs],
  ['/lib64', 'escapeHigh', 'escapeSlight', programs],
  ['/opt', 'escapePossible', 'escapeSlight', 'the node may run programs that lie there'],
  ['/', 'escapeCertain', 'escapeLikely', root],
];

/** Where keys and the database of the cluster lie: on control-plane nodes alone. */
const controlPlane: Readonly<Record<string, 'read' | 'both'>> = {
  '/var/lib/etcd': 'both',
  '/srv/kubernetes': 'both',
  '/etc/kubernetes': 'read',
};

/** Devices that are disks. */
const disk = /^\/dev\/(sd[a-z]|nvme\d|vd[a-z]|xvd[a-z]|hd[a-z]|dm-\d|mapper(\/|$)|disk(\/|$)|loop\d|md\d|root$)/;

/** Files and folders that tell nothing secret; writing them counts as writing what holds them. */
const harmlessToRead =
  /^\/(etc\/(passwd|group|hostname|hosts|localtime|timezone|machine-id|os-release|ssl|pki|ca-certificates)|usr\/(share|lib\/os-release)|sys\/fs\/cgroup)(\/|$)/;

/** A socket at this path that obeys callers. */
export function socketAt(path: string): SocketDanger | undefined {
  return sockets.find(([pattern]) => pattern.test(path))?.[1];
}

/** What a path of the node, as `knownPath` spells it, gives to whoever mounts it; undefined where the table has it not. */
export function dangerOf(path: string): PathDanger | undefined {
  if (disk.test(path))
    return {
      write: 'escapeLikely',
      read: 'escapePossible',
      how: 'it is a disk of the node, where the device may be opened',
    };
  const found = paths.find(([known]) => path === known || (known !== '/' && path.startsWith(`${known}/`)));
  if (found === undefined) return undefined;
  const [known, write, read, how] = found;
  const of = controlPlane[known];
  return { write, read: harmlessToRead.test(path) ? undefined : read, how, ...(of && { ofControlPlane: of }) };
}

/** `/var/run` is `/run` on every node; doubled and trailing slashes go. Undefined where it is no absolute path. */
export function normalPath(path: string): string | undefined {
  if (!path.startsWith('/')) return undefined;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The same place under the name that the table knows. */
export function knownPath(path: string): string {
  return path === '/var/run' || path.startsWith('/var/run/') ? path.slice('/var'.length) : path;
}
