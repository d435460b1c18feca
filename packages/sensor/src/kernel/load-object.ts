import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '@breakwater/model';
import type { Address, Libbpf } from './libbpf.ts';
import { LSM_PROGRAMS, type LsmProgram } from './lsm-programs.ts';

/** The sensor's object in the kernel, with as many of its programs as this kernel takes. */
export interface LoadedObject {
  object: Address;
  /** Programs for hooks of BPF-LSM that are loaded; whether they are asked is another question. */
  lsm: readonly LsmProgram[];
  /** Whether the program for connections to sockets that are files is loaded. */
  hasUnixProgram: boolean;
}

const OBJECT = new URL('../../bpf/sensor.bpf.o', import.meta.url);
const SECURITY_MODULES = '/sys/kernel/security/lsm';
export const UNIX_PROGRAM = 'on_connect_unix';
/** BPF_PROG_TYPE_CGROUP_SOCK_ADDR and BPF_CGROUP_UNIX_CONNECT. */
const SOCKET_ADDRESS_PROGRAM = 18;
const UNIX_CONNECT = 49;

/**
 * Loads with everything first, then with less: a kernel that refuses one program refuses the object, and does not say which.
 * @throws {UserError} `kernel-refused` where it does not take the least of it
 */
export function loadObject(libbpf: Libbpf, bufferSize: number): LoadedObject {
  const lsm = mayHaveLsm() ? LSM_PROGRAMS.filter(({ hook }) => libbpf.hasHook(hook)) : [];
  const attempts = [
    { lsm, hasUnixProgram: true },
    { lsm, hasUnixProgram: false },
    { lsm: [], hasUnixProgram: true },
    { lsm: [], hasUnixProgram: false },
  ];
  let failure = 0;
  for (const attempt of attempts.slice(lsm.length === 0 ? 2 : 0)) {
    const object = libbpf.openObject(OBJECT.pathname);
    if (object === 0n) throw refused('reading its object');
    libbpf.setEntries(libbpf.findMap(object, 'events'), bufferSize);
    for (const { program } of attempt.lsm) libbpf.setLoaded(libbpf.findProgram(object, program), true);
    if (attempt.hasUnixProgram) {
      const program = libbpf.findProgram(object, UNIX_PROGRAM);
      libbpf.setType(program, SOCKET_ADDRESS_PROGRAM, UNIX_CONNECT);
      libbpf.setLoaded(program, true);
    }
    failure = libbpf.load(object);
    if (failure === 0) return { object, ...attempt };
    libbpf.close(object);
  }
  throw refused(`loading its programs (error ${-failure})`);
}

/** Where the list of security modules cannot be read, as in most containers, only trying tells. */
function mayHaveLsm(): boolean {
  if (!existsSync(SECURITY_MODULES)) return true;
  return readFileSync(SECURITY_MODULES, 'utf8').trim().split(',').includes('bpf');
}

/** What to say where the kernel does not take a step. */
export function refused(step: string): UserError {
  return new UserError(`The kernel refused the sensor: ${step} failed.`, {
    code: 'kernel-refused',
    hint: 'It needs root (CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN), Linux 5.17 or later on x86-64, and /sys/kernel/btf/vmlinux.',
  });
}
