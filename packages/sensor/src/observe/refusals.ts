import type { RuntimeEvent } from '@breakwater/model';
import { decisionOf } from '../kernel/guard.ts';
import type { KernelRecord } from '../kernel/record.ts';
import { joinedPath } from './joined-path.ts';
import { systemCallOf } from './system-calls.ts';

type Told = Partial<RuntimeEvent> & Pick<RuntimeEvent, 'type'>;

/** execve and execveat on x86-64. */
const STARTS = new Set([59, 322]);

/** What was decided about an event, as events tell it. `number` is the kernel's. */
export function preventionOf(number: bigint): Pick<RuntimeEvent, 'prevention' | 'guards'> {
  return decisionOf(Number(number & 0xffff_ffffn)) ?? {};
}

/** A call that a hook refused: it failed, and nothing came of it. */
export function refusalOf({ call, values, texts }: KernelRecord): Told {
  const decision = { ...preventionOf(values[0]), failure: 'EPERM' };
  const path = joinedPath(texts[0].toString('utf8'), texts[1].toString('utf8'));
  if (STARTS.has(call)) return { type: 'exec', ...decision, file: { path, access: 'execute' } };
  if (decision.guards?.includes('credentials') === true)
    return { type: 'open', ...decision, file: { path, access: 'read' } };
  if (decision.guards?.includes('connections') === true) return { type: 'syscall', ...decision, call: 'socket' };
  const what = systemCallOf(call);
  return what === undefined
    ? { type: 'module', ...decision, call: 'request_module' }
    : { type: what.type, ...decision, call: what.name };
}
