import { describe, expect, it } from 'vitest';
import { ImageTree } from './image-tree.ts';
import { LayerContents, normalizePath } from './layer-contents.ts';

type Spec = Record<string, string | { link: string } | { hard: string } | null>;

/** A layer of name to content; null is a folder. */
function layer(spec: Spec): LayerContents {
  const contents = new LayerContents(() => true, { left: 1e9 });
  for (const [name, what] of Object.entries(spec)) {
    const entry = { name, size: 0, mode: 0o644, link: '', sparse: false };
    if (what === null) contents.visit({ ...entry, type: 'folder' });
    else if (typeof what === 'string') {
      const sink = contents.visit({ ...entry, type: 'file', size: what.length });
      sink?.write(Buffer.from(what));
      sink?.end();
    } else if ('link' in what) contents.visit({ ...entry, type: 'symbolic-link', link: what.link });
    else contents.visit({ ...entry, type: 'hard-link', link: what.hard });
  }
  contents.finish();
  return contents;
}

const read = (tree: ImageTree, path: string): string | undefined => tree.read(path)?.toString();

describe('ImageTree', () => {
  it('shows the highest version of each file', () => {
    const tree = new ImageTree([layer({ a: '1', b: '1' }), layer({ './a': '2' })]);
    expect([read(tree, 'a'), read(tree, 'b'), tree.fileCount]).toEqual(['2', '1', 2]);
  });

  it('hides what a whiteout removes, with everything below it, and only below its layer', () => {
    const tree = new ImageTree([layer({ 'd/x': '1', 'd/e/y': '1', dx: '1' }), layer({ '.wh.d': '', 'd/z': '2' })]);
    expect(['d/x', 'd/e/y', 'd/z', 'dx'].map((path) => read(tree, path))).toEqual([undefined, undefined, '2', '1']);
  });

  it('hides the older content of an opaque folder, whatever the order of its entries', () => {
    const tree = new ImageTree([
      layer({ 'd/a': '1', 'd/b': '1' }),
      layer({ 'd/c': '2', 'd/.wh..wh..opq': '', 'd/b': '2' }),
    ]);
    expect(['d/a', 'd/b', 'd/c'].map((path) => read(tree, path))).toEqual([undefined, '2', '2']);
  });

  it('hides what was below a folder that became a file or a link', () => {
    const tree = new ImageTree([layer({ 'd/a': '1', 'e/a': '1', 'f/a': '1' }), layer({ d: 'file', e: { link: 'f' } })]);
    expect([tree.entry('d/a'), tree.entry('e/a'), read(tree, 'e/a')]).toEqual([undefined, undefined, '1']);
  });

  it('brings back a file that a lower layer lost', () => {
    const tree = new ImageTree([layer({ a: '1' }), layer({ '.wh.a': '' }), layer({ a: '3' })]);
    expect([read(tree, 'a'), [...tree.versions('a', 'npm')].map(({ layer }) => layer)]).toEqual(['3', [2]]);
  });

  it.each([
    ['a relative link', { link: '../usr/lib/x' }, 'x'],
    ['an absolute link', { link: '/usr/lib/x' }, 'x'],
    ['a link that climbs above the root', { link: '../../../../usr/lib/x' }, 'x'],
    ['a link over a link', { link: '/lib/x' }, 'x'],
    ['a link to nothing', { link: 'nothing' }, undefined],
    ['a link to itself', { link: 'link' }, undefined],
    ['a hard link', { hard: 'usr/lib/x' }, 'x'],
    ['a hard link to itself', { hard: 'etc/link' }, undefined],
    ['a hard link out of the root', { hard: '../../usr/lib/x' }, undefined],
  ])('follows %s inside the root only', (_, link, content) => {
    const tree = new ImageTree([layer({ 'usr/lib/x': 'x', lib: { link: 'usr/lib' }, 'etc/link': link })]);
    expect(read(tree, 'etc/link')).toBe(content);
  });

  it('names the real path of a file behind linked folders', () => {
    const tree = new ImageTree([layer({ 'usr/lib/x': 'x', lib: { link: 'usr/lib' } })]);
    expect([tree.resolve('lib/x'), tree.isFile('lib/x'), tree.isFile('lib/y')]).toEqual(['usr/lib/x', true, false]);
  });

  it('ends on a whirl of links', () => {
    const spec: Spec = {};
    for (let index = 0; index < 60; index++) spec[`l${index}`] = { link: `l${(index + 1) % 60}/l${(index + 7) % 60}` };
    const tree = new ImageTree([layer(spec)]);
    expect(tree.resolve('l0/a')).toBeUndefined();
  });
});

describe('normalizePath', () => {
  it.each([
    ['./usr//bin/./x', 'usr/bin/x'],
    ['/etc/passwd', 'etc/passwd'],
    ['usr/', 'usr'],
    ['./', ''],
    ['..data/x..y', '..data/x..y'],
    ['../x', undefined],
    ['a/../../x', undefined],
    ['a/..', undefined],
    ['x'.repeat(9000), undefined],
  ])('%j becomes %j', (name, path) => {
    expect(normalizePath(name)).toBe(path);
  });
});
