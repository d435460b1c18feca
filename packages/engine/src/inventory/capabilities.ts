/**
 * Capabilities beyond a runtime's default set with which a process leaves its container or reads what is not its own.
 * NET_RAW is not among them: runtimes give it to every container.
 */
export const DANGEROUS_CAPABILITIES = [
  'ALL',
  'BPF',
  'DAC_READ_SEARCH',
  'NET_ADMIN',
  'PERFMON',
  'SYSLOG',
  'SYS_ADMIN',
  'SYS_BOOT',
  'SYS_MODULE',
  'SYS_PTRACE',
  'SYS_RAWIO',
] as const;

export type DangerousCapability = (typeof DANGEROUS_CAPABILITIES)[number];

/** Takes a name as `capabilityName` spells it. */
export function isDangerousCapability(name: string): name is DangerousCapability {
  return (DANGEROUS_CAPABILITIES as readonly string[]).includes(name);
}

/** `CAP_SYS_ADMIN` and `sys_admin` are `SYS_ADMIN`. */
export function capabilityName(text: string): string {
  return text.toUpperCase().replace(/^CAP_/, '');
}
