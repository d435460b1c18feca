import { readElf, readSectionNames, sectionNames } from './elf.ts';
import { readMachO } from './mach-o.ts';
import { readPe } from './pe.ts';
import type { Executable, Section } from './section.ts';

const ELF = 0x7f454c46;

/** Whether a file begins as an ELF, PE or Mach-O file does. */
export function isExecutable(head: Buffer): boolean {
  if (head.length < 4) return false;
  switch (head.readUInt32BE(0)) {
    case ELF:
    case 0xcffaedfe:
    case 0xcefaedfe:
    case 0xfeedfacf:
    case 0xfeedface:
      return true;
    default:
      return head[0] === 0x4d && head[1] === 0x5a;
  }
}

/** The parts of an executable; undefined where it is none. Sizes are cut to what the file holds. */
export function readExecutable(content: Buffer): Executable | undefined {
  if (!isExecutable(content)) return undefined;
  const read = content[0] === 0x7f ? readElf(content) : content[0] === 0x4d ? readPe(content) : readMachO(content);
  if (read === undefined) return undefined;
  const sections = read.sections.filter(({ offset, size }) => size > 0 && offset < content.length);
  for (const section of sections) section.size = Math.min(section.size, content.length - section.offset);
  return { ...read, sections };
}

/**
 * Whether an executable can have a section of this name. Asked of every program of a system, so it looks for the name
 * in the table of an ELF file and reads no section; of other formats, and where the table was removed, it says yes.
 */
export function canHaveSection(content: Buffer, name: string): boolean {
  const names = content[0] === 0x7f ? sectionNames(content) : undefined;
  return names === undefined || names.includes(name);
}

/** The same of several names and of a file of which only parts are at hand (`readSectionNames`): true where it cannot tell. */
export function canHaveSections(
  head: Buffer,
  read: (at: number, length: number) => Buffer | undefined,
  names: readonly string[],
): boolean {
  const table = head.length >= 4 && head.readUInt32BE(0) === ELF ? readSectionNames(read) : undefined;
  return table === undefined || names.some((name) => table.includes(name));
}

/** The bytes of a section in the file. */
export function bytesOf({ offset, size }: Section, content: Buffer): Buffer {
  return content.subarray(offset, offset + size);
}

/** Where an address in memory lies in the file; undefined where no part of the file is loaded there. */
export function offsetOf({ sections }: Executable, address: number): number | undefined {
  const section = sections.find(
    (item) => item.address !== 0 && address >= item.address && address < item.address + item.size,
  );
  return section === undefined ? undefined : section.offset + (address - section.address);
}
