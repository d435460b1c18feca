import type { RuntimeEvent } from '@breakwater/model';
import { fileObject } from './file-object.ts';

/** How sources name the kernel's entry to a system call. */
const ENTRY = /^(?:__(?:x64|arm64|ia32|se|do)_sys_|__sys_|sys_enter_|sys_exit_|sys_|security_)/;
/** Calls of which sources say no more than that they are system calls, and which give power all the same. */
const POWERFUL = new Set(['bpf', 'perf_event_open', 'userfaultfd', 'io_uring_setup', 'open_by_handle_at', 'keyctl']);
/** Users of whom nobody chose the number: platforms give each namespace a range of its own. */
const FIRST_GIVEN_USER = 65_536;

/** The name of a call without what a source puts before it; names of capabilities are written large. */
export function callName(call: string): string {
  return /^cap_[a-z_]+$/i.test(call) && !/^cap_capable$/i.test(call) ? call.toUpperCase() : call.replace(ENTRY, '');
}

/**
 * What a call by which a process gains power does, with what of its arguments matters: `unshare user mount`, `setuid 0`,
 * `mount proc /mnt/*`. That it failed is part of it: who was let try is not by that let succeed. Undefined for other calls.
 */
export function privilegeObject(
  { type, callArguments, file, failure }: RuntimeEvent,
  call: string,
): string | undefined {
  if (type === 'syscall' && !POWERFUL.has(call)) return undefined;
  const words = [call, argumentsOf(call, callArguments), file === undefined ? '' : fileObject(file.path)];
  if (failure !== undefined) words.push('failed');
  return words.filter(Boolean).join(' ');
}

function argumentsOf(call: string, text = ''): string {
  return /^set\w*[ug]id$/.test(call) ? text.split(' ').map(userNumber).join(' ') : text;
}

/** A user that a program runs as: `uid 0`. */
export const userObject = (uid: number): string => `uid ${userNumber(String(uid))}`;

const userNumber = (text: string): string => (Number(text) >= FIRST_GIVEN_USER ? '*' : text);
