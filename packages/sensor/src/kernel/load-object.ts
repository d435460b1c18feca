import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '@breakwater/model';
import type { Address, Libbpf } from './libbpf.ts';
import { LSM_PROGRAMS, type LsmProgram } from './lsm-programs.ts';
import { BASIC_PROGRAMS, CALL_PROGRAM, EVERY_CALL_PROGRAM } from './programs.ts';

/** The sensor's object in the kernel, with as many of its programs as this kernel takes. */
export interface LoadedObject {
  object: Address;
  /** Programs for hooks of BPF-LSM that are loaded; whether they are asked is another question. */
  lsm: readonly LsmProgram[];
  /** Whether the program for connections to sockets that are files is loaded. */
  hasUnixProgram: boolean;
  /** Whether the program for what is asked through io_uring is loaded. */
  hasRingProgram: boolean;
  /** Whether the program for capabilities that are needed is loaded, for kernels where no hook tells them. */
  hasCapabilityProgram: boolean;
}

const OBJECT =
  process.arch === 'arm64'
    ? new URL('../../bpf/sensor.arm64.bpf.o', import.meta.url)
    : new URL('../../bpf/sensor.bpf.o', import.meta.url);
const SECURITY_MODULES = '/sys/kernel/security/lsm';
/** Behaviours that are counted at most, and their counters, of which each has one for each processor. */
const MOST_KNOWN = 65_536;
const MOST_COUNTERS = 4_194_304;
export const UNIX_PROGRAM = 'on_connect_unix';
export const RING_PROGRAM = 'on_ring_request';
export const CAPABILITY_PROGRAM = 'on_capability';
const RING_TRACEPOINT = 'io_uring_submit_req';
const CAPABILITY_TRACEPOINT = 'cap_capable';
/** BPF_PROG_TYPE_CGROUP_SOCK_ADDR and BPF_CGROUP_UNIX_CONNECT. */
const SOCKET_ADDRESS_PROGRAM = 18;
const UNIX_CONNECT = 49;

/** Linux gives up on a program while a signal waits for who loads it (EAGAIN). */
const INTERRUPTED = -11;
const MOST_TRIES = 5;

/**
 * Loads what every kernel that is supported takes, and of the rest what this one takes: tried one kind alone, for a kernel
 * that refuses one program refuses the whole object, and looks at the largest again each time.
 * @throws {UserError} `kernel-refused` where it does not take the least of it
 */
export function loadObject(libbpf: Libbpf, { bufferSize, processors, tellsCalls }: LoadOptions): LoadedObject {
  const takes = (choose: (object: Address) => void): boolean => {
    const { object, failure } = load(libbpf, (opened) => {
      for (const name of BASIC_PROGRAMS) libbpf.setLoaded(libbpf.findProgram(opened, name), false);
      choose(opened);
    });
    libbpf.close(object);
    return failure === 0;
  };
  const hooks = mayHaveLsm() ? LSM_PROGRAMS.filter(({ hook }) => libbpf.hasHook(hook)) : [];
  const withLsm = (object: Address): void => {
    for (const { program } of hooks) libbpf.setLoaded(libbpf.findProgram(object, program), true);
  };
  const withUnix = (object: Address): void => {
    const program = libbpf.findProgram(object, UNIX_PROGRAM);
    libbpf.setType(program, SOCKET_ADDRESS_PROGRAM, UNIX_CONNECT);
    libbpf.setLoaded(program, true);
  };
  const withTracepoint = (program: string) => (object: Address) => {
    libbpf.setLoaded(libbpf.findProgram(object, program), true);
  };
  const takesTracepoint = (program: string, tracepoint: string): boolean =>
    libbpf.hasTracepoint(tracepoint) && takes(withTracepoint(program));
  const lsm = hooks.length > 0 && takes(withLsm) ? hooks : [];
  const hasUnixProgram = mayHaveUnixHook() && takes(withUnix);
  const hasRingProgram = takesTracepoint(RING_PROGRAM, RING_TRACEPOINT);
  const hasCapabilityProgram = takesTracepoint(CAPABILITY_PROGRAM, CAPABILITY_TRACEPOINT);
  const { object, failure } = load(libbpf, (opened) => {
    libbpf.setEntries(libbpf.findMap(opened, 'events'), bufferSize);
    libbpf.setEntries(libbpf.findMap(opened, 'known'), Math.min(MOST_KNOWN, Math.floor(MOST_COUNTERS / processors)));
    if (tellsCalls) {
      libbpf.setLoaded(libbpf.findProgram(opened, CALL_PROGRAM), false);
      libbpf.setLoaded(libbpf.findProgram(opened, EVERY_CALL_PROGRAM), true);
    }
    if (lsm.length > 0) withLsm(opened);
    if (hasUnixProgram) withUnix(opened);
    if (hasRingProgram) withTracepoint(RING_PROGRAM)(opened);
    if (hasCapabilityProgram) withTracepoint(CAPABILITY_PROGRAM)(opened);
  });
  if (failure === 0) return { object, lsm, hasUnixProgram, hasRingProgram, hasCapabilityProgram };
  libbpf.close(object);
  throw refused(`loading its programs (error ${-failure})`);
}

/** What decides on what is loaded, and how large. */
interface LoadOptions {
  bufferSize: number;
  /** That the kernel may have. */
  processors: number;
  tellsCalls: boolean;
}

/** Opens the object, lets it be set up, and loads it; the caller closes it either way. */
function load(libbpf: Libbpf, setUp: (object: Address) => void): { object: Address; failure: number } {
  for (let tries = 1; ; tries++) {
    const object = libbpf.openObject(OBJECT.pathname);
    if (object === 0n) throw refused('reading its object');
    setUp(object);
    const failure = libbpf.load(object);
    if (failure !== INTERRUPTED || tries === MOST_TRIES) return { object, failure };
    libbpf.close(object);
  }
}

/** Where the list of security modules cannot be read, as in most containers, only trying tells. */
function mayHaveLsm(): boolean {
  if (!existsSync(SECURITY_MODULES)) return true;
  return readFileSync(SECURITY_MODULES, 'utf8').trim().split(',').includes('bpf');
}

/** Linux 6.7 is the first that asks about sockets that are files; others may have taken it over, but none that we know. */
function mayHaveUnixHook(): boolean {
  const [major = 0, minor = 0] = readFileSync('/proc/sys/kernel/osrelease', 'utf8').split('.').map(Number);
  return major > 6 || (major === 6 && minor >= 7);
}

/** What to say where the kernel does not take a step. */
export function refused(step: string): UserError {
  return new UserError(`The kernel refused the sensor: ${step} failed.`, {
    code: 'kernel-refused',
    hint: 'It needs root (CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN), Linux 5.17 or later on x86-64 or arm64, and /sys/kernel/btf/vmlinux.',
  });
}
