import { ByteView } from './byte-view.ts';
import { type Executable, MOST_SECTIONS, type Section } from './section.ts';

const WRITE = 1;
const SEGMENT_WRITE = 2;
const LOADED = 1;
const NO_BITS = 8;
const LONGEST_NAME = 256;
/** Headers of files of 64 and of 32 bits. */
const LARGEST_START = 64;
const SMALLEST_START = 52;
const LARGEST_TABLE = 1024 * 1024;

/** Sections and loaded segments of an ELF file (System V ABI, chapters 4 and 5). */
export function readElf(content: Buffer): Executable | undefined {
  if (content.length < 52) return undefined;
  const wide = content[4] === 2;
  const view = new ByteView(content, content[5] !== 2);
  return { format: 'elf', sections: [...sectionsOf(view, wide), ...segmentsOf(view, wide)] };
}

/** The table of names of sections, as it lies in the file; undefined where there is none. */
export function sectionNames(content: Buffer): Buffer | undefined {
  return readSectionNames((at, length) =>
    at + length <= content.length ? content.subarray(at, at + length) : undefined,
  );
}

/**
 * The table of names of sections of a file of which only parts are at hand: three of them are asked for, the largest of
 * 1 MiB. `read` gives undefined where the file does not reach so far.
 */
export function readSectionNames(read: (at: number, length: number) => Buffer | undefined): Buffer | undefined {
  const start = read(0, LARGEST_START) ?? read(0, SMALLEST_START);
  if (start === undefined) return undefined;
  const wide = start[4] === 2;
  const little = start[5] !== 2;
  const head = new ByteView(start, little);
  const table = wide ? head.u64(40) : head.u32(32);
  const place = table + head.u16(wide ? 58 : 46) * head.u16(wide ? 62 : 50);
  const header = table === 0 ? undefined : read(place, wide ? 64 : 40);
  if (header === undefined) return undefined;
  const view = new ByteView(header, little);
  const size = wide ? view.u64(32) : view.u32(20);
  return size === 0 || size > LARGEST_TABLE ? undefined : read(wide ? view.u64(24) : view.u32(16), size);
}

function sectionsOf(view: ByteView, wide: boolean): Section[] {
  const start = wide ? view.u64(40) : view.u32(32);
  const entry = view.u16(wide ? 58 : 46);
  const count = Math.min(view.u16(wide ? 60 : 48), MOST_SECTIONS);
  if (start === 0 || entry < (wide ? 64 : 40)) return [];
  const at = (index: number): number => start + index * entry;
  const offsetOf = (header: number): number => (wide ? view.u64(header + 24) : view.u32(header + 16));
  const names = offsetOf(at(view.u16(wide ? 62 : 50)));
  return Array.from({ length: count }, (_, index) => {
    const header = at(index);
    const flags = wide ? view.u64(header + 8) : view.u32(header + 8);
    const hasBits = view.u32(header + 4) !== NO_BITS;
    const size = wide ? view.u64(header + 32) : view.u32(header + 20);
    return {
      name: view.text(names + view.u32(header), LONGEST_NAME),
      address: wide ? view.u64(header + 16) : view.u32(header + 12),
      offset: offsetOf(header),
      size: hasBits ? size : 0,
      writable: (flags & WRITE) !== 0,
    };
  });
}

function segmentsOf(view: ByteView, wide: boolean): Section[] {
  const start = wide ? view.u64(32) : view.u32(28);
  const entry = view.u16(wide ? 54 : 42);
  const count = Math.min(view.u16(wide ? 56 : 44), MOST_SECTIONS);
  const segments: Section[] = [];
  for (let index = 0; index < count && entry >= (wide ? 56 : 32); index++) {
    const header = start + index * entry;
    if (view.u32(header) !== LOADED) continue;
    segments.push({
      name: '',
      address: wide ? view.u64(header + 16) : view.u32(header + 8),
      offset: wide ? view.u64(header + 8) : view.u32(header + 4),
      size: wide ? view.u64(header + 32) : view.u32(header + 16),
      writable: (view.u32(header + (wide ? 4 : 24)) & SEGMENT_WRITE) !== 0,
    });
  }
  return segments;
}
