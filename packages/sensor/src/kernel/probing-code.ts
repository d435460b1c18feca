import { readFileSync } from 'node:fs';
import { u64 } from './numbers.ts';

/** Functions of the kernel that ask for a capability only to choose: CAP_OPT_NOAUDIT (include/linux/security.h). */
const PROBING: ReadonlySet<string> = new Set([
  'ns_capable_noaudit',
  'has_capability_noaudit',
  'has_ns_capability_noaudit',
  // Of which only pages are asked, for whether there are enough.
  'cap_vm_enough_memory',
  'security_vm_enough_memory_mm',
  '__vm_enough_memory',
]);
/** As many as the map `probing_code` has room for (bpf/capabilities.h). */
const MOST = 8;

/**
 * Where they lie in memory, as the map `probing_code` holds it: the address of each, and of whatever follows it. None where
 * the kernel does not tell addresses.
 */
export function probingCode(symbols = readFileSync('/proc/kallsyms', 'latin1')): Buffer[] {
  const found: Buffer[] = [];
  for (const [, from = '', name = ''] of symbols.matchAll(/^([0-9a-f]{16}) [tT] (\w+)$/gm)) {
    if (!PROBING.has(name) || /^0+$/.test(from) || found.length === MOST) continue;
    const until = nextAfter(symbols, from, name);
    if (until !== undefined) found.push(Buffer.concat([wordOf(from), wordOf(until)]));
  }
  return found;
}

/** The kernel lists its own symbols in the order of their addresses. */
function nextAfter(symbols: string, from: string, name: string): string | undefined {
  let at = symbols.indexOf(`${from} `);
  for (let line = 0; line < 64; line++) {
    at = symbols.indexOf('\n', at) + 1;
    const address = symbols.slice(at, at + 16);
    if (at === 0 || !/^[0-9a-f]{16}$/.test(address)) return undefined;
    if (address > from) return address;
  }
  throw new Error(`nothing follows ${name}`);
}

function wordOf(digits: string): Buffer {
  const word = u64(0);
  word.writeBigUInt64LE(BigInt(`0x${digits}`));
  return word;
}
