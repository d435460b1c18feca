/** A part of an executable: a section with its name, or a segment without one. */
export interface Section {
  name: string;
  /** Where it lies in memory. */
  address: number;
  /** Where it lies in the file. */
  offset: number;
  /** Bytes in the file. */
  size: number;
  writable: boolean;
}

/** An executable or shared library, as far as it has to be known to find data in it. */
export interface Executable {
  format: 'elf' | 'pe' | 'mach-o';
  sections: Section[];
}

/** Most sections and segments that are looked at: linkers make a few dozen. */
export const MOST_SECTIONS = 1024;
