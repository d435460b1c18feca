import { ByteView } from './byte-view.ts';
import { type Executable, MOST_SECTIONS, type Section } from './section.ts';

const SEGMENT = 0x1;
const SEGMENT_64 = 0x19;
const WRITE = 2;
const MOST_COMMANDS = 1024;

/** Sections of a Mach-O file of one architecture (`mach-o/loader.h`); archives of several are no input of containers. */
export function readMachO(content: Buffer): Executable | undefined {
  const magic = content.readUInt32BE(0);
  const view = new ByteView(content, magic === 0xcffaedfe || magic === 0xcefaedfe);
  const wide = magic === 0xcffaedfe || magic === 0xfeedfacf;
  const sections: Section[] = [];
  const commands = Math.min(view.u32(16), MOST_COMMANDS);
  for (let index = 0, at = wide ? 32 : 28; index < commands && at < content.length; index++) {
    const command = view.u32(at);
    const size = view.u32(at + 4);
    if (size < 8) break;
    if (command === (wide ? SEGMENT_64 : SEGMENT)) sections.push(...sectionsOf(view, at, wide));
    if (sections.length > MOST_SECTIONS) break;
    at += size;
  }
  return { format: 'mach-o', sections };
}

function sectionsOf(view: ByteView, segment: number, wide: boolean): Section[] {
  const writable = (view.u32(segment + (wide ? 60 : 44)) & WRITE) !== 0;
  const count = Math.min(view.u32(segment + (wide ? 64 : 48)), MOST_SECTIONS);
  return Array.from({ length: count }, (_, index) => {
    const at = segment + (wide ? 72 + index * 80 : 56 + index * 68);
    return {
      name: view.text(at, 16),
      address: wide ? view.u64(at + 32) : view.u32(at + 32),
      offset: view.u32(at + (wide ? 48 : 40)),
      size: wide ? view.u64(at + 40) : view.u32(at + 36),
      writable,
    };
  });
}
