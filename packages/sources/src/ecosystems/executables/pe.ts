import { ByteView } from './byte-view.ts';
import { type Executable, MOST_SECTIONS } from './section.ts';

const WRITE = 0x80000000;
const WIDE = 0x20b;
const SECTION = 40;

/** Sections of a PE file (Microsoft's "PE Format"): of Windows, and of .NET everywhere. */
export function readPe(content: Buffer): Executable | undefined {
  const view = new ByteView(content, true);
  const header = view.u32(0x3c);
  if (view.u32(header) !== 0x00004550) return undefined;
  const count = Math.min(view.u16(header + 6), MOST_SECTIONS);
  const optional = header + 24;
  const base = view.u16(optional) === WIDE ? view.u64(optional + 24) : view.u32(optional + 28);
  const table = optional + view.u16(header + 20);
  const sections = Array.from({ length: count }, (_, index) => {
    const at = table + index * SECTION;
    return {
      name: view.text(at, 8),
      address: base + view.u32(at + 12),
      offset: view.u32(at + 20),
      size: view.u32(at + 16),
      writable: (view.u32(at + 36) & WRITE) !== 0,
    };
  });
  return { format: 'pe', sections };
}
