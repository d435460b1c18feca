import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Distiller, Ecosystem, FileHead } from '../../ecosystems/ecosystem.ts';
import { ImageTree } from './image-tree.ts';
import { LayerContents } from './layer-contents.ts';

const MEBIBYTE = 1024 * 1024;

/** Reads files that begin with `#!`, whole up to a size or piece by piece, and tells how many bytes it saw and their sum. */
function reader(name: string, largest: number, streams: boolean): Ecosystem {
  const facts = (bytes: Buffer): Buffer => Buffer.from(`${bytes.length} ${bytes.reduce((sum, byte) => sum + byte, 0)}`);
  const distiller: Distiller = {
    largest,
    whole: facts,
    ...(streams && {
      stream: () => {
        const pieces: Buffer[] = [];
        return { write: (bytes) => void pieces.push(Buffer.from(bytes)), end: () => facts(Buffer.concat(pieces)) };
      },
    }),
  };
  return {
    name,
    wants: () => false,
    distil: ({ bytes }: FileHead) => (bytes.toString('latin1', 0, 2) === '#!' ? distiller : undefined),
    parse: () => ({ components: [], unknowns: [] }),
    capabilities: { reads: [], ownership: false, licences: false, sourcePackages: false, leavesOut: [], examples: [] },
  };
}

interface File {
  name: string;
  content: Buffer;
  /** Bytes a piece. */
  piece?: number;
  sparse?: boolean;
}

function layer(ecosystems: Ecosystem[], files: File[], budget = 1e9): LayerContents {
  const contents = new LayerContents(
    Object.assign(() => false, { distilling: ecosystems }),
    { left: budget },
  );
  for (const { name, content, piece = content.length, sparse = false } of files) {
    const sink = contents.visit({ name, type: 'file', size: content.length, mode: 0o755, link: '', sparse });
    for (let at = 0; at < content.length; at += piece) sink?.write(Buffer.from(content.subarray(at, at + piece)));
    sink?.end();
  }
  contents.finish();
  return contents;
}

const factsOf = (contents: LayerContents, path: string): string[] =>
  (contents.distilled.get(path) ?? []).map(({ ecosystem, bytes }) => `${ecosystem}: ${bytes}`);

const script = Buffer.from(`#!${'x'.repeat(198)}`);
const sum = script.reduce((total, byte) => total + byte, 0);

describe('the distillery', () => {
  it('hands every reader the same bytes, whole or in pieces of any size', () => {
    const readers = [reader('whole', 1000, false), reader('streamed', 10, true)];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 250 }), (piece) => {
        const facts = factsOf(layer(readers, [{ name: 'a', content: script, piece }]), 'a');
        expect(facts).toEqual([`whole: 200 ${sum}`, `streamed: 200 ${sum}`]);
      }),
    );
  });

  it('keeps neither content nor facts of files that nobody reads', () => {
    const contents = layer([reader('whole', 1000, false)], [{ name: 'a', content: Buffer.from('text') }]);
    expect([contents.entries.get('a'), contents.distilled.size, contents.faults]).toEqual(['file', 0, []]);
  });

  it('lets no file see bytes of another in the room they share', () => {
    const long = Buffer.concat([script, script]);
    const files = [
      { name: 'long', content: long, piece: 100 },
      { name: 'short', content: script, piece: 100 },
    ];
    const contents = layer([reader('whole', 1000, false)], files);
    expect([factsOf(contents, 'long'), factsOf(contents, 'short')]).toEqual([
      [`whole: 400 ${2 * sum}`],
      [`whole: 200 ${sum}`],
    ]);
  });

  it.each([
    ['a file larger than its reader takes', 10, {}],
    ['a sparse file', 1000, { sparse: true }],
  ])('says of %s that it was not read', (_, largest, how) => {
    const contents = layer([reader('whole', largest, false)], [{ name: 'a', content: script, ...how }]);
    expect(contents.faults).toMatchObject([{ code: 'file-not-read', path: '/a' }]);
  });

  it('gathers no more than it has room for, whatever a reader would take', () => {
    const content = Buffer.alloc(49 * MEBIBYTE, '#!');
    const contents = layer([reader('whole', 1e9, false)], [{ name: 'a', content, piece: MEBIBYTE }]);
    expect(contents.faults).toMatchObject([{ code: 'file-not-read', path: '/a' }]);
  });

  it('says that facts were not kept where there is no room for them', () => {
    const contents = layer([reader('whole', 1000, false)], [{ name: 'a', content: script }], 3);
    expect([contents.distilled.size, contents.faults.length]).toEqual([0, 1]);
  });

  it('forgets the facts of a file that the same layer writes again', () => {
    const files = [
      { name: 'a', content: script },
      { name: 'a', content: Buffer.from('text') },
    ];
    expect(layer([reader('whole', 1000, false)], files).distilled.size).toBe(0);
  });

  it('tells in which layers a file had facts, and hides those of replaced files', () => {
    const one = reader('one', 1000, false);
    const lower = layer(
      [one],
      [
        { name: 'a', content: script },
        { name: 'b', content: script },
      ],
    );
    const upper = layer(
      [one],
      [
        { name: 'a', content: script },
        { name: 'b', content: Buffer.from('text') },
      ],
    );
    const tree = new ImageTree([lower, upper]);
    expect([...tree.distilled()].map(([path]) => path)).toEqual(['a']);
    expect([...tree.versions('a', 'one')].map(({ layer: index, distilled }) => [index, distilled])).toEqual([
      [1, true],
      [0, true],
    ]);
    expect([...tree.versions('a', 'other')]).toEqual([]);
  });
});
