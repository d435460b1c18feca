import { existsSync, readFileSync } from 'node:fs';
import { findCgroupRoot } from '../containers/index.ts';

/** What the sensor can do on this host. */
export interface Abilities {
  /** What is missing, each as a sentence that says what to do; empty where the sensor can run. */
  missing: string[];
  /** What it stops before its effect. */
  stops: string[];
  /** What it can only tell of here, or kill when it has happened; with the reason. */
  onlyTells: string[];
}

/** Files by which a host is judged; tests bring their own. */
export interface HostFiles {
  exists(path: string): boolean;
  read(path: string): string;
}

const HOST: HostFiles = { exists: existsSync, read: (path) => readFileSync(path, 'utf8') };
const LIBRARIES = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/lib/x86_64-linux-gnu',
];
const MACHINES = new Set(['linux x64', 'linux arm64']);
/** CAP_NET_ADMIN, CAP_PERFMON and CAP_BPF. */
const CAPABILITIES = [12n, 38n, 39n];
const OLDEST = [5, 17] as const;
/** Before, programs for hooks are taken on arm64, and nothing leads to them. */
const OLDEST_WITH_HOOKS_ON_ARM64 = [6, 4] as const;
const SECURITY_MODULES = '/sys/kernel/security/lsm';

/** Looks at what the sensor needs, before anything is loaded. `machine`: as Node names platform and processor. */
export function findAbilities(machine = `${process.platform} ${process.arch}`, host: HostFiles = HOST): Abilities {
  if (!MACHINES.has(machine)) {
    return { missing: [`This is ${machine}; the sensor is for Linux on x86-64 and arm64.`], stops: [], onlyTells: [] };
  }
  const hasHooks = hasLsm(host) && (machine !== 'linux arm64' || !isOlder(host, OLDEST_WITH_HOOKS_ON_ARM64));
  const held = hasHooks ? { stops: [...ALWAYS_STOPPED, ...BY_HOOKS], onlyTells: [] } : WITHOUT_HOOKS;
  return {
    missing: [kernelLacks(host), capabilitiesLack(host), libraryLacks(host), cgroupsLack(host)].flat(),
    ...held,
  };
}

const ALWAYS_STOPPED = [
  'programs that are not in the image',
  'setuid gains',
  'connections to where nothing allows them',
];
const BY_HOOKS = ['namespaces, mounts, ptrace, modules and eBPF calls', 'reading credentials', "the runtime's socket"];
const WITHOUT_HOOKS = {
  stops: ALWAYS_STOPPED,
  onlyTells: [
    'namespaces, mounts, ptrace, modules and eBPF calls: no hooks of BPF-LSM are asked here, so their process is killed after the ' +
      'call, unless the container is started with a seccomp profile that refuses them (breakwater sensor --write-seccomp)',
    'reading credentials: killed after they are opened',
  ],
};

/** `lsm=` of the kernel's command line names `bpf`, or the kernel was built so. */
const hasLsm = ({ exists, read }: HostFiles): boolean =>
  exists(SECURITY_MODULES) && read(SECURITY_MODULES).trim().split(',').includes('bpf');

const releaseOf = ({ read }: HostFiles): string => read('/proc/sys/kernel/osrelease').trim();

function isOlder(host: HostFiles, [oldestMajor, oldestMinor]: readonly [major: number, minor: number]): boolean {
  const [major = 0, minor = 0] = releaseOf(host).split('.').map(Number);
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

function kernelLacks(host: HostFiles): string[] {
  const lacks = isOlder(host, OLDEST)
    ? [`Linux ${releaseOf(host)} is too old: ${OLDEST.join('.')} or later is needed.`]
    : [];
  if (!host.exists('/sys/kernel/btf/vmlinux'))
    lacks.push('The kernel tells no types (no /sys/kernel/btf/vmlinux): take one that was built with BTF.');
  return lacks;
}

function capabilitiesLack({ read }: HostFiles): string[] {
  const bits = BigInt(`0x${/^CapEff:\s+(\w+)/m.exec(read('/proc/self/status'))?.[1] ?? '0'}`);
  const holds = CAPABILITIES.every((bit) => ((bits >> bit) & 1n) === 1n);
  return holds ? [] : ['It needs root, or CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN: run it with sudo.'];
}

const libraryLacks = ({ exists }: HostFiles): string[] =>
  LIBRARIES.some((folder) => exists(`${folder}/libbpf.so.1`))
    ? []
    : ['libbpf 1.x is not installed (Debian and Ubuntu: apt install libbpf1).'];

function cgroupsLack({ read }: HostFiles): string[] {
  try {
    findCgroupRoot(read('/proc/self/mountinfo'));
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}
