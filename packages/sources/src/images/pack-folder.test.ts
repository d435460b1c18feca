import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Unknown } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { EXAMPLE_EXECUTABLE } from '../ecosystems/golang/example-executable.ts';
import { packFolder } from './pack-folder.ts';
import { TarReader } from './tar/tar-reader.ts';

const program = Buffer.from(EXAMPLE_EXECUTABLE);

async function pack(files: Record<string, Buffer>, mode = 0o755): Promise<{ sizes: object; unknowns: Unknown[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'folder-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, { mode });
  const sizes: Record<string, number> = {};
  const unknowns: Unknown[] = [];
  const reader = new TarReader(({ name, size }) => {
    sizes[name] = size;
    return undefined;
  });
  for await (const chunk of packFolder(folder, (unknown) => unknowns.push(unknown))) reader.push(chunk);
  return { sizes, unknowns };
}

/** The example with other bytes at a place. */
function changed(at: number, bytes: Buffer): Buffer {
  const copy = Buffer.from(program);
  bytes.copy(copy, at);
  return copy;
}

describe('packFolder', () => {
  it('sends programs that name a section that is read, and of others only that they are there', async () => {
    const other = Buffer.from(program.toString('latin1').replace('.go.buildinfo', '.no.buildinfo'), 'latin1');
    const { sizes, unknowns } = await pack({ go: program, other, text: Buffer.alloc(1000, 'text') });
    expect(sizes).toEqual({ go: program.length, other: 0, text: 0 });
    expect(unknowns).toEqual([]);
  });

  it('sends a program whole where its header does not say where names of sections are', async () => {
    const none = changed(40, Buffer.alloc(8));
    const beyond = changed(40, Buffer.from('ffffffffffffff7f', 'hex'));
    const far = changed(40, Buffer.from('ffffff0000000000', 'hex'));
    const { sizes } = await pack({ none, beyond, far });
    expect(sizes).toEqual({ none: program.length, beyond: program.length, far: program.length });
  });

  it.skipIf(process.getuid?.() === 0)('tells programs that it may not open (root may open all)', async () => {
    expect((await pack({ program }, 0o111)).unknowns).toMatchObject([{ code: 'file-not-read' }]);
    expect((await pack({ program }, 0)).unknowns).toEqual([]);
  });
});
