import type { Behaviour } from '@breakwater/model';
import { PASSWORDS, SECRETS } from '../secret-files.ts';
import { isNear } from './near-names.ts';
import { programClass } from './program-class.ts';

const TERMINAL = /^\/dev\/(?:tty$|pts\/)/;
const MEMORY = /^\/proc\/(?:[^/]+\/)*(?:mem|kcore)$|^\/dev\/k?mem$/;
/** By these whoever writes them stays, or becomes somebody else. */
const FOOTHOLDS =
  /^\/etc\/(?:ld\.so\.preload|passwd|g?shadow|sudoers|profile|(?:bash\.)?bashrc)$|^\/etc\/(?:sudoers|profile)\.d\/|\/authorized_keys2?$|\/\.(?:bash|zsh|k|c|tc)(?:rc|env|_profile|_login|_logout)$|\/\.profile$|^\/proc\/sys\/kernel\/(?:core_pattern|modprobe)$|\/release_agent$/;
/** Memory that looks like files: what a shell reads there, it runs. */
const SHARED_MEMORY = /^\/dev\/shm\//;
const RUNTIME_SOCKET = /(?:docker|containerd|crio|podman|cri-dockerd)\.sock$/;
/** Calls by which a process leaves its container or changes the kernel; that one was refused makes it no better. */
const KERNEL =
  /^(?:unshare|setns|mount|umount|umount2|move_mount|fsmount|open_tree|pivot_root|ptrace|process_vm_(?:read|write)v|init_module|finit_module|delete_module|load module|bpf|perf_event_open|userfaultfd|kexec_(?:file_)?load|open_by_handle_at)(?= |$)/;
/** A file that runs as whom it belongs to; a process that wants to be root and is not let. */
const TAKES_OVER = /^chmod \+s |^set(?:re|res|fs)?uid (?:\S+ )*0 (?:\S+ )*failed$/;
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
      return behaviour.actor === '' ? undefined : gravityOfPrivilege(behaviour);
    default:
      return undefined;
  }
}

function gravityOfPrivilege({ actor, object }: Behaviour): string | undefined {
  if (KERNEL.test(object)) return `${object} changes namespaces, other processes or the kernel`;
  if (!TAKES_OVER.test(object)) return undefined;
  return object.startsWith('chmod')
    ? `${object} lets whoever runs it be its owner`
    : `${actor} wants to be root and may not`;
}

function gravityOfFile({ actor, applet, access, object }: Behaviour): string | undefined {
  const kind = programClass(actor, applet);
  if (TERMINAL.test(object)) return kind === 'shell' ? `${actor} is a shell with a terminal` : undefined;
  if (RUNTIME_SOCKET.test(object)) return `${object} is the container runtime's`;
  if (access !== 'read')
    return FOOTHOLDS.test(object) ? `who writes ${object} stays, or becomes somebody else` : undefined;
  if (kind === 'shell' && SHARED_MEMORY.test(object)) return `${actor} is a shell, and runs what it reads in memory`;
  if (MEMORY.test(object)) return `${object} is the memory of others`;
  if (PASSWORDS.test(object))
    return kind === 'login' ? undefined : `${actor} has no part in logins, and reads ${object}`;
  const isStranger = kind === 'shell' || kind === 'tool' || kind === 'network-tool';
  return isStranger && SECRETS.test(object) ? `${actor} is a tool, and reads credentials: ${object}` : undefined;
}

function gravityOfPeer({ actor, applet, object }: Behaviour): string | undefined {
  if (POOL.test(object)) return `${object} is a pool of miners`;
  if (RUNTIME_SOCKET.test(object)) return `${object} is the container runtime's`;
  // To resolve a name is no connection to anybody.
  const isAway = !object.startsWith('unix:') && !object.endsWith(':53/UDP') && !isNear(object);
  return isAway && programClass(actor, applet) === 'shell'
    ? `${actor} is a shell that connects to ${object}`
    : undefined;
}
