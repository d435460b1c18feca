import { UserError } from '@breakwater/model';
import { startOf } from './processes.ts';

const PIDFD_SEND_SIGNAL = 424;
const PIDFD_OPEN = 434;
const NUMBERS = { KILL: 9, TERM: 15, STOP: 19, CONT: 18 } as const;

/** Signals that are sent. */
export type SignalName = keyof typeof NUMBERS;

type Call = (number: number, ...typed: unknown[]) => number;
let calls: Promise<{ call: Call; close(descriptor: number): void }> | undefined;

/** The C library's way to any system call; Node has none for descriptors of processes. */
async function openCalls() {
  const { default: koffi } = await import('koffi');
  const library = koffi.load(null);
  const call = library.func('long syscall(long number, ...)') as unknown as Call;
  const close = library.func('int close(int descriptor)') as unknown as (descriptor: number) => number;
  return { call, close: (descriptor: number) => void close(descriptor) };
}

/**
 * Sends a signal to the process that began then, and to no other: a descriptor is opened for whoever has the number, and
 * only if that one began then the signal goes to the descriptor. A number that is given again meanwhile is never met.
 * @throws {UserError} `process-gone`
 */
export async function sendSignal(pid: number, start: number, signal: SignalName): Promise<void> {
  calls ??= openCalls();
  const { call, close } = await calls;
  const descriptor = Number(call(PIDFD_OPEN, 'int', pid, 'uint', 0));
  if (descriptor < 0) throw gone(pid);
  try {
    if (startOf(pid) !== start) throw gone(pid);
    const sent = Number(call(PIDFD_SEND_SIGNAL, 'int', descriptor, 'int', NUMBERS[signal], 'void *', null, 'uint', 0));
    if (sent < 0) throw gone(pid);
  } finally {
    close(descriptor);
  }
}

const gone = (pid: number): UserError =>
  new UserError(`Process ${pid} is gone, or may not be signalled. Nothing was sent to anybody else.`, {
    code: 'process-gone',
    hint: 'Numbers of processes are given again: name it anew, with the time at which it began.',
  });
