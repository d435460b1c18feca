import { UserError } from '@breakwater/model';
import { z } from 'zod';
import { parentOf, podNamespaceOf, readHostProcess, sinceOf } from '../host/processes.ts';
import { sendSignal } from '../host/send-signal.ts';
import { defineResponse } from '../response.ts';

const Config = z.strictObject({
  pid: z.coerce.number().int().min(2, 'the first process of a host is never ended'),
  /** Ticks between boot and start, by which it is told from a later one of the same number. */
  start: z.coerce.number().int().nonnegative().optional(),
  signal: z.enum(['KILL', 'TERM', 'STOP']).default('KILL'),
});
const State = z.object({ pid: z.number(), start: z.number() });

/** Ends a process in a container of this host, and no other that has its number later. A stopped one can be let go on. */
export const killProcess = defineResponse({
  name: 'kill-process',
  summary: 'Ends (or stops) a process in a container of this host',
  destructive: true,
  contains: true,
  schema: Config,
  async plan({ pid, start, signal }) {
    if (ownLine().includes(pid)) {
      throw new UserError(`Process ${pid} is this command, or led to it.`, { code: 'own-process' });
    }
    const process = readHostProcess(pid);
    if (process === undefined || (start !== undefined && start !== process.start)) throw gone(pid);
    if (process.container === undefined) {
      throw new UserError(
        `Process ${pid} (${process.path}) is in no container: nothing outside of containers is touched.`,
        {
          code: 'not-in-container',
        },
      );
    }
    const namespace = podNamespaceOf(pid);
    return {
      target: {
        kind: 'process',
        name: process.container.slice(0, 12),
        since: sinceOf(process),
        ...(namespace !== undefined && namespace !== 'unknown' && { namespace }),
      },
      steps: [`Send SIG${signal} to process ${pid}: ${process.arguments.join(' ')} (${process.path}).`],
      effects: [
        `It is in container ${process.container.slice(0, 12)}, runs as user ${process.user} and began ${process.start} ticks after the boot.`,
        ...(namespace === 'unknown'
          ? ['It is of a pod, and of which namespace is not known: whether that is protected, see for yourself.']
          : []),
        'What it did already stays. What started it may start it again; if it is the first of its container, that ends too.',
      ],
      reversible: signal === 'STOP',
      state: { pid, start: process.start },
    };
  },
  async execute({ signal }, { state }) {
    const { pid, start } = State.parse(state);
    await sendSignal(pid, start, signal);
    return { done: [`Sent SIG${signal} to process ${pid}.`], ...(signal === 'STOP' ? { undo: { pid, start } } : {}) };
  },
  async undo(state) {
    const { pid, start } = State.parse(state);
    await sendSignal(pid, start, 'CONT');
    return [`Process ${pid} goes on.`];
  },
});

/** This process and those above it. */
function ownLine(): number[] {
  const line = [process.pid];
  for (let above = process.ppid; above > 0 && line.length < 1000; above = parentOf(above) ?? 0) line.push(above);
  return line;
}

const gone = (pid: number): UserError =>
  new UserError(`There is no such process ${pid} any more.`, {
    code: 'process-gone',
    hint: 'Numbers of processes are given again: nothing is sent to a later one.',
  });
