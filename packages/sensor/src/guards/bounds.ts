import type { SeccompProfile } from '@breakwater/engine/compile/seccomp';

/** What a container was started with that keeps it from more, whatever else runs on its host. */
export interface ContainerBounds {
  noNewPrivileges: boolean;
  /** A bit each: what no program of it can ever hold. Undefined where nobody knows. */
  capabilities: bigint | undefined;
  /** Its seccomp profile; `unknown` where it has one that cannot be read, `none` where it has none. */
  seccomp: SeccompProfile | 'unknown' | 'none';
}

type Fields = Readonly<Record<string, unknown>>;

const MOST_RULES = 10_000;
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value.slice(0, MOST_RULES) : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads what `/proc/<pid>/status` says: which is what holds, and not what somebody asked for. */
export function boundsOfStatus(status: string): ContainerBounds {
  const field = (name: string): string => new RegExp(`^${name}:\\s+([0-9a-f]+)$`, 'm').exec(status)?.[1] ?? '';
  return {
    noNewPrivileges: field('NoNewPrivs') === '1',
    capabilities: field('CapBnd') === '' ? undefined : BigInt(`0x${field('CapBnd')}`),
    seccomp: field('Seccomp') === '2' ? 'unknown' : 'none',
  };
}

/** The seccomp profile in a runtime's bundle (runtime-spec, `config.json`), which it has put into the kernel as it stands. */
export function seccompOfBundle(config: unknown): SeccompProfile | undefined {
  const seccomp = fieldsOf(fieldsOf(fieldsOf(config)['linux'])['seccomp']);
  const defaultAction = textOf(seccomp['defaultAction']);
  if (defaultAction === '') return undefined;
  return { defaultAction, syscalls: listOf(seccomp['syscalls']).map(fieldsOf).map(ruleOf) };
}

function ruleOf({ names, action, args }: Fields): SeccompProfile['syscalls'][number] {
  const conditions = listOf(args).map(fieldsOf);
  return {
    names: listOf(names).map(textOf),
    action: textOf(action),
    args: conditions.map(({ index, value, valueTwo, op }) => ({
      index: Number(index),
      value: Number(value),
      valueTwo: Number(valueTwo ?? 0),
      op: textOf(op) as 'SCMP_CMP_EQ',
    })),
  };
}
