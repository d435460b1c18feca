import type { BehaviourProfile, GuardName } from '@breakwater/model';
import {
  ALWAYS_REFUSED,
  CLONE_SIGNAL,
  INTERNET_FAMILIES,
  KERNEL_CALLS,
  MOUNT_CALLS,
  NAMESPACE_BITS,
  SOCK_RAW,
  SOCKET_TYPE,
  TRACING_CALLS,
  UNSAFE_PERSONALITIES,
  UNSEEN_FAMILIES,
  USER_CALLS,
} from './calls.ts';
import type { SeccompArgument, SeccompProfile, SeccompRule } from './seccomp-profile.ts';

/** What a container that is started with it is kept from. */
export interface SeccompOptions {
  guards: readonly GuardName[];
  /** What is let all the same: seccomp knows no programs, so what one may all may. */
  profile?: BehaviourProfile;
}

/** What seccomp cannot say of a guard, as a sentence. */
export interface SeccompGap {
  guard: GuardName;
  /** Whether nothing of the guard is in the profile. */
  whole: boolean;
  message: string;
}

export interface SeccompCompilation {
  profile: SeccompProfile;
  /** Whether the container is to be started without new privileges as well, which is no part of a profile. */
  noNewPrivileges: boolean;
  gaps: SeccompGap[];
}

const EPERM = 1;
const ENOSYS = 38;
/**
 * A filter that leaves one of them out can be passed by calling as the other; those of both machines, since one manifest
 * runs on nodes of either. Calls that one of them never had (`create_module`, `ioperm` on AArch64) runtimes leave out there.
 */
const ARCHITECTURES = ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32', 'SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'];

/**
 * The seccomp profile by which a container is kept from what guards are for, whatever else runs on its host: it is fixed
 * at the container's start, and no program of it ever gets out of it. All that is not refused is let, since no recording
 * holds every call that a program may make one day.
 */
export function compileSeccomp({ guards, profile }: SeccompOptions): SeccompCompilation {
  const calls = privilegedCalls(profile);
  const rules: SeccompRule[] = [refuse([...ALWAYS_REFUSED].filter((name) => !calls.has(name))), ...personalityRules()];
  const gaps: SeccompGap[] = [];
  for (const guard of new Set(guards)) {
    rules.push(...rulesOf(guard, calls, profile));
    gaps.push(...gapsOf(guard, calls));
  }
  return {
    profile: {
      defaultAction: 'SCMP_ACT_ALLOW',
      architectures: [...ARCHITECTURES],
      syscalls: rules.filter(({ names }) => names.length > 0),
    },
    noNewPrivileges: guards.includes('gains') && (profile === undefined || gainingPrograms(profile).length === 0),
    gaps,
  };
}

function rulesOf(
  guard: GuardName,
  calls: ReadonlyMap<string, readonly string[]>,
  profile: BehaviourProfile | undefined,
): SeccompRule[] {
  const without = (names: readonly string[]): SeccompRule[] => [refuse(names.filter((name) => !calls.has(name)))];
  switch (guard) {
    case 'namespaces':
      return namespaceRules(calls);
    case 'mounts':
      return without(MOUNT_CALLS);
    case 'tracing':
      return without(TRACING_CALLS);
    case 'kernel':
      return without(KERNEL_CALLS);
    case 'gains':
      return profile === undefined || runsAsRoot(profile) ? [] : userRules(calls);
    case 'connections':
      return socketRules();
    default:
      return [];
  }
}

const refuse = (names: string[], args?: SeccompArgument[], errnoRet = EPERM): SeccompRule => ({
  names,
  action: 'SCMP_ACT_ERRNO',
  errnoRet,
  ...(args && { args }),
});

const masked = (index: number, mask: number, value: number): SeccompArgument => ({
  index,
  value: mask >>> 0,
  valueTwo: value >>> 0,
  op: 'SCMP_CMP_MASKED_EQ',
});

/** A rule a bit: rules of one call are alternatives. Flags of `clone3` lie in memory, so libraries are sent back to `clone`. */
function namespaceRules(calls: ReadonlyMap<string, readonly string[]>): SeccompRule[] {
  const bitsFor = (call: string): number[] => {
    const let_ = new Set(calls.get(call));
    return Object.entries(NAMESPACE_BITS).flatMap(([word, bit]) => (let_.has(word) ? [] : [bit]));
  };
  return [
    ...bitsFor('unshare').map((bit) => refuse(['unshare'], [masked(0, bit, bit)])),
    ...bitsFor('clone').flatMap((bit) => (bit <= CLONE_SIGNAL ? [] : [refuse(['clone'], [masked(0, bit, bit)])])),
    refuse(['clone3'], undefined, ENOSYS),
    refuse(calls.has('setns') ? [] : ['setns']),
  ];
}

/** Becoming root by a call, where nothing in the container is root. */
function userRules(calls: ReadonlyMap<string, readonly string[]>): SeccompRule[] {
  return Object.entries(USER_CALLS).flatMap(([name, users]) =>
    calls.get(name.replace(/32$/, ''))?.includes('0')
      ? []
      : users.map((index) => refuse([name], [{ index, value: 0, op: 'SCMP_CMP_EQ' }])),
  );
}

/** The old call of i386 has its arguments in memory; libraries have used the new ones since 2015. */
function socketRules(): SeccompRule[] {
  return [
    ...Object.values(UNSEEN_FAMILIES).map((value) => refuse(['socket'], [{ index: 0, value, op: 'SCMP_CMP_EQ' }])),
    ...Object.values(INTERNET_FAMILIES).map((value) =>
      refuse(['socket'], [{ index: 0, value, op: 'SCMP_CMP_EQ' }, masked(1, SOCKET_TYPE, SOCK_RAW)]),
    ),
    refuse(['socketcall'], undefined, ENOSYS),
  ];
}

/** Asking which one there is sets all bits, and is let: a value with the highest bit and not all others is no question. */
function personalityRules(): SeccompRule[] {
  const highest = 0x8000_0000;
  const others = Array.from({ length: 31 }, (_, bit) => 2 ** bit);
  return [
    ...UNSAFE_PERSONALITIES.map((bit) => masked(0, highest | bit, bit)),
    ...others.map((bit) => masked(0, highest | bit, highest)),
  ].map((argument) => refuse(['personality'], [argument]));
}

/** Calls by which the profile's programs get power, by name, with the words of their arguments. */
function privilegedCalls(profile: BehaviourProfile | undefined): Map<string, string[]> {
  const calls = new Map<string, string[]>();
  for (const { dimension, object } of profile?.behaviours ?? []) {
    const [name = '', ...words] = object.split(' ');
    if ((dimension !== 'privilege' && dimension !== 'syscall') || words.includes('failed')) continue;
    calls.set(name, [...(calls.get(name) ?? []), ...words]);
  }
  return calls;
}

const runsAsRoot = ({ behaviours }: BehaviourProfile): boolean =>
  behaviours.some(({ dimension, object }) => dimension === 'privilege' && object === 'uid 0');

/** Programs of a profile that become root when they are started by who is not: only a setuid bit does that. */
export function gainingPrograms({ behaviours }: BehaviourProfile): string[] {
  const users = behaviours.filter(({ dimension, object }) => dimension === 'privilege' && /^uid /.test(object));
  const usersOf = Map.groupBy(users, ({ actor }) => actor);
  const isNeverRoot = (program: string): boolean => {
    const found = usersOf.get(program) ?? [];
    return found.length > 0 && found.every(({ object }) => object !== 'uid 0');
  };
  return users.flatMap(({ actor, parent, object }) =>
    object === 'uid 0' && parent !== '' && isNeverRoot(parent) ? [actor] : [],
  );
}

function gapsOf(guard: GuardName, calls: ReadonlyMap<string, readonly string[]>): SeccompGap[] {
  const gap = (message: string, whole = false): SeccompGap[] => [{ guard, whole, message }];
  const let_ = (names: readonly string[]): SeccompGap[] => {
    const found = names.filter((name) => calls.has(name));
    return found.length === 0 ? [] : gap(`${found.join(', ')}: what one program of the profile may, all may`);
  };
  switch (guard) {
    case 'programs':
    case 'starts':
    case 'credentials':
      return gap('seccomp sees numbers and addresses, not which file a path names', true);
    case 'sockets':
      return gap('seccomp does not see whom a socket is connected with', true);
    case 'connections':
      return gap('seccomp does not see addresses: it refuses raw sockets and families that no address guard sees');
    case 'gains':
      return gap('setuid bits are not seccomp’s: start the container without new privileges (noNewPrivileges) as well');
    case 'namespaces':
      return let_(['unshare', 'clone', 'setns']);
    case 'mounts':
      return let_(MOUNT_CALLS);
    case 'tracing':
      return let_(TRACING_CALLS);
    case 'kernel':
      return let_(KERNEL_CALLS);
  }
}
