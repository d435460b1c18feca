import type { Behaviour } from '@breakwater/model';
import { isNear } from './near-names.ts';
import { programClass } from './program-class.ts';

const TERMINAL = /^\/dev\/(?:tty$|pts\/)/;
/** Password files, which programs for logins read. */
const PASSWORDS = /^\/etc\/(?:g?shadow|master\.passwd|security\/opasswd)(?:-|$)/;
/** What opens something to whoever holds it. */
const SECRETS =
  /\/\.(?:ssh|aws|azure|kube|gnupg|gcloud)\/|\/\.docker\/config\.json$|\/\.(?:git-credentials|netrc|pgpass|my\.cnf|npmrc|pypirc|vault-token)$|\/id_(?:rsa|dsa|ecdsa|ed25519|\*)$|^\/run\/secrets\/|^\/proc\/(?:[^/]+\/)+environ$|^\/etc\/kubernetes\/.*(?:\.key|\.conf)$/;
const MEMORY = /^\/proc\/(?:[^/]+\/)*(?:mem|kcore)$|^\/dev\/k?mem$/;
/** By these whoever writes them stays, or becomes somebody else. */
const FOOTHOLDS =
  /^\/etc\/(?:ld\.so\.preload|passwd|g?shadow|sudoers)$|^\/etc\/sudoers\.d\/|\/\.ssh\/authorized_keys2?$|^\/proc\/sys\/kernel\/(?:core_pattern|modprobe)$|\/release_agent$/;
const RUNTIME_SOCKET = /(?:docker|containerd|crio|podman|cri-dockerd)\.sock$/;
/** Calls by which a process leaves its container or changes the kernel; that one was refused makes it no better. */
const KERNEL =
  /^(?:unshare|setns|mount|umount|umount2|move_mount|fsmount|open_tree|pivot_root|ptrace|process_vm_(?:read|write)v|init_module|finit_module|delete_module|load module|bpf|perf_event_open|kexec_(?:file_)?load|open_by_handle_at)(?= |$)/;
const POWERS = new Set([
  'CAP_SYS_ADMIN',
  'CAP_SYS_MODULE',
  'CAP_SYS_PTRACE',
  'CAP_SYS_RAWIO',
  'CAP_SYS_BOOT',
  'CAP_BPF',
  'CAP_PERFMON',
  'CAP_MAC_ADMIN',
  'CAP_MAC_OVERRIDE',
  'CAP_DAC_READ_SEARCH',
]);
const POOL =
  /(?:^|[.-])(?:xmr|monero|minexmr|supportxmr|nanopool|2miners|f2pool|nicehash|hashvault|minergate|antpool|dwarfpool|ethermine|flypool|herominers|c3pool|unmineable|zpool|prohashing|miningpoolhub|moneroocean|xmrpool|xmrfast|viabtc|woolypooly|rplant|p2pool)[^:]*:/;

/**
 * Why a behaviour is of a kind that repetition never makes good, as a sentence; undefined for all others. It goes by what
 * is done and by the class of the program, not by the workload: it holds from the first second on.
 */
export function gravity(behaviour: Behaviour): string | undefined {
  switch (behaviour.dimension) {
    case 'exec':
      return behaviour.inImage === false ? `${behaviour.object} is not in the image` : undefined;
    case 'open':
      return gravityOfFile(behaviour);
    case 'connect':
      return gravityOfPeer(behaviour);
    case 'capability':
      return POWERS.has(behaviour.object) ? `${behaviour.object} gives power over the host` : undefined;
    case 'privilege':
      // Before its first program the runtime makes namespaces and mounts: nobody in the container acts.
      return behaviour.actor !== '' && KERNEL.test(behaviour.object)
        ? `${behaviour.object} changes namespaces, other processes or the kernel`
        : undefined;
    default:
      return undefined;
  }
}

function gravityOfFile({ actor, applet, access, object }: Behaviour): string | undefined {
  const kind = programClass(actor, applet);
  if (TERMINAL.test(object)) return kind === 'shell' ? `${actor} is a shell with a terminal` : undefined;
  if (RUNTIME_SOCKET.test(object)) return `${object} is the container runtime's`;
  if (access !== 'read')
    return FOOTHOLDS.test(object) ? `who writes ${object} stays, or becomes somebody else` : undefined;
  if (MEMORY.test(object)) return `${object} is the memory of others`;
  if (PASSWORDS.test(object))
    return kind === 'login' ? undefined : `${actor} has no part in logins, and reads ${object}`;
  const isStranger = kind === 'shell' || kind === 'tool' || kind === 'network-tool';
  return isStranger && SECRETS.test(object) ? `${actor} is a tool, and reads credentials: ${object}` : undefined;
}

function gravityOfPeer({ actor, applet, object }: Behaviour): string | undefined {
  if (POOL.test(object)) return `${object} is a pool of miners`;
  if (RUNTIME_SOCKET.test(object)) return `${object} is the container runtime's`;
  const isAway = object.endsWith('/TCP') && !object.startsWith('unix:') && !isNear(object);
  return isAway && programClass(actor, applet) === 'shell'
    ? `${actor} is a shell that connects to ${object}`
    : undefined;
}
