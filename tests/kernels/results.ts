import { basename } from 'node:path';
import { ARM64 } from './machines/arm64.ts';
import type { Machine } from './machines/machine.ts';
import { X86_64 } from './machines/x86-64.ts';
import { runUnder } from './virtual-machine.ts';

/** What was decided about an event in the guest. */
export interface Told {
  type: string;
  prevention: string;
  guards: string[];
  failure?: string;
  call?: string;
  program?: string;
}

/** What `in-guest.ts` prints of a case. */
export interface Result {
  name: string;
  made?: boolean;
  output?: string;
  told?: Told[];
  /** Files that were opened. */
  opened?: string[];
  /** To where connections were made: `127.0.0.1:4444`. */
  peers?: string[];
  types?: string[];
  heard?: number;
  lsm?: string[];
  used?: string[];
}

/** A kernel, under the name of its package. */
export type Kernel = readonly [name: string, machine: Machine, path: string];

export const MACHINES: readonly Machine[] = [X86_64, ARM64];

/** Kernels that can be run here, of all processors. */
export const KERNELS: readonly Kernel[] = MACHINES.filter(({ lacks }) => lacks === '').flatMap((machine) =>
  machine.kernels.map((path) => [basename(path), machine, path] as const),
);

/** Before Linux 6.4 programs for hooks of BPF-LSM can be loaded on arm64, and not attached: nothing leads to them. */
export function hasHooks([name, { processor }]: Kernel): boolean {
  const [, major = 0, minor = 0] = (/^linux-image-(\d+)\.(\d+)/.exec(name) ?? []).map(Number);
  return processor === 'x86-64' || major > 6 || (major === 6 && minor >= 4);
}

/** What gives power over more than the container: the case, its guard, and the call that it makes. */
export const POWERS = [
  ['namespaces', 'namespaces', 'unshare'],
  ['clone', 'namespaces', 'clone'],
  ['clone3', 'namespaces', 'clone3'],
  ['setns', 'namespaces', 'setns'],
  ['mount', 'mounts', 'mount'],
  ['fsopen', 'mounts', 'fsopen'],
  ['ptrace', 'tracing', 'ptrace'],
  ['read-memory', 'tracing', 'process_vm_readv'],
  ['module', 'kernel', 'init_module'],
  ['bpf', 'kernel', 'bpf'],
  ['i386-namespaces', 'namespaces', 'unshare'],
  ['arm-namespaces', 'namespaces', 'unshare'],
  ['arm-mount', 'mounts', 'mount'],
] as const;

/** Each processor has its own calls of 32 bits. */
export const isMade = (name: string, [, { processor }]: Kernel): boolean =>
  !name.startsWith(processor === 'x86-64' ? 'arm-' : 'i386-');

/** Runs the guest's cases, all of them: what it printed of each, by its name. */
export async function resultsUnder([, machine, path]: Kernel): Promise<(name: string) => Result> {
  const printed = await runUnder(machine, path, 'in-guest.ts');
  const results = new Map<string, Result>();
  for (const [, text = ''] of printed.matchAll(/RESULT (\{.*\})/g)) {
    const result: Result = JSON.parse(text);
    results.set(result.name, result);
  }
  if (!results.has('ended')) throw new Error(`the guest did not end: ${printed.slice(-2000)}`);
  return (name) => results.get(name) ?? { name };
}
