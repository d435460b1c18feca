import { readFileSync } from 'node:fs';
import type { RuntimeEvent } from '@breakwater/model';
import { z } from 'zod';

/** A case of one of Tracee's detectors, transcribed: what it is given, and whether it detects something. */
const DetectorCase = z.object({
  detector: z.string(),
  case: z.string(),
  detect: z.boolean(),
  fields: z.record(z.string(), z.unknown()),
});
export type DetectorCase = z.infer<typeof DetectorCase>;

export const readDetectorCases = (path: string): DetectorCase[] =>
  z.object({ cases: z.array(DetectorCase) }).parse(JSON.parse(readFileSync(path, 'utf8'))).cases;

const TIME = '2026-01-01T00:00:00Z';
const CONTAINER = { id: 'c'.repeat(64), name: 'web' };

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** `1`, `65` and `writeFlags` open for writing. */
const isWrite = (flags: unknown): boolean => (typeof flags === 'number' ? (flags & 3) !== 0 : flags === 'writeFlags');

/**
 * The event that a case is about, as our sensor tells it; undefined where no source tells what it is given: environments,
 * bytes that are written, memory of the kernel.
 */
export function eventOf({ detector, fields }: DetectorCase): RuntimeEvent | undefined {
  const base = { source: 'sensor', time: TIME, container: CONTAINER } as const;
  const actor = { path: textOf(fields['execPath']) || '/usr/bin/malicious', arguments: '' };
  const path = textOf(fields['pathname']);
  if (typeof fields['newPath'] === 'string' || fields['eventName'] === 'security_inode_rename')
    return {
      ...base,
      type: 'change',
      call: 'rename',
      process: actor,
      file: { path: textOf(fields['newPath']) || path, access: 'write', from: '/tmp/new' },
    };
  if (detector === 'fileless_execution') return { ...base, type: 'exec', process: { path, arguments: '' } };
  if (detector === 'illegitimate_shell') {
    const [shell, before] = [textOf(fields['processName']), textOf(fields['prevComm'])];
    return {
      ...base,
      type: 'exec',
      process: { path: `/bin/${shell}`, arguments: '', pid: 8 },
      parent: { path: `/usr/sbin/${before}`, arguments: '', pid: 7 },
    };
  }
  if (detector === 'disk_mount')
    return { ...base, type: 'mount', call: 'mount', process: actor, file: { path: textOf(fields['devName']) } };
  if (fields['saFamily'] === 'SaFamilyT_AF_UNIX')
    return { ...base, type: 'connect', process: actor, file: { path: textOf(fields['sunPath']) } };
  if (detector === 'stdio_over_socket')
    return duplicateOf({ ...base, process: { path: '/bin/bash', arguments: '' } }, fields);
  if (detector === 'ptrace_code_injection') return { ...base, type: 'privilege', call: 'ptrace', process: actor };
  if (detector === 'process_vm_write_code_injection' && fields['currentPid'] !== fields['targetPid'])
    return { ...base, type: 'privilege', call: 'process_vm_writev', process: actor };
  if (path === '' && typeof fields['execPath'] === 'string') return { ...base, type: 'exec', process: actor };
  if (!path.startsWith('/') || 'bytes' in fields) return undefined;
  const writes = fields['flags'] === undefined || isWrite(fields['flags']);
  return { ...base, type: 'open', process: actor, file: { path, access: writes ? 'write' : 'read' } };
}

/** Only what becomes standard input, output or error is told, and only of connections that have another end. */
function duplicateOf(
  base: Omit<RuntimeEvent, 'type'>,
  { sockfd, port, ip }: Record<string, unknown>,
): RuntimeEvent | undefined {
  if (typeof sockfd !== 'number' || sockfd > 2) return undefined;
  const peer = Number(port) > 0 ? { peer: { address: textOf(ip), port: Number(port), protocol: 'TCP' } } : {};
  return { ...base, type: 'syscall', call: 'dup2', ...peer };
}
