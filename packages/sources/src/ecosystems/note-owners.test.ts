import { describe, expect, it } from 'vitest';
import { ImageTree } from '../images/child/image-tree.ts';
import { LayerContents } from '../images/child/layer-contents.ts';
import { readComponents } from '../images/child/read-components.ts';
import { ecosystems } from './all.ts';

const site = 'usr/lib/python3/dist-packages';
const installed = 'Status: install ok installed\nArchitecture: all\nVersion: 1.26.12-1+deb12u1\n';

/** What is found in a root file system of path to content. */
function scan(files: Record<string, string>) {
  const contents = new LayerContents(() => true, { left: 1e9 });
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    const sink = contents.visit({ name, type: 'file', size: bytes.length, mode: 0o644, link: '', sparse: false });
    sink?.write(bytes);
    sink?.end();
  }
  const layers = [{ diffId: 'sha256:0', size: 0 }];
  return readComponents(ecosystems, new ImageTree([contents]), new Map(), layers, 'test', undefined).components;
}

const distribution = {
  'var/lib/dpkg/status': `Package: python3-urllib3\n${installed}`,
  'var/lib/dpkg/info/python3-urllib3.list': `/.\n/${site}/urllib3-1.26.12.egg-info\n/${site}/urllib3/__init__.py\n`,
  [`${site}/urllib3-1.26.12.egg-info`]: 'Name: urllib3\nVersion: 1.26.12\n',
  [`${site}/urllib3/__init__.py`]: '',
};

describe('packages of a language that the operating system installed', () => {
  it('name the package that brought them, and are kept', () => {
    const components = scan(distribution);
    expect(components.map(({ name, ownedBy }) => ({ name, ownedBy }))).toEqual([
      { name: 'python3-urllib3', ownedBy: undefined },
      { name: 'urllib3', ownedBy: 'pkg:deb/debian/python3-urllib3@1.26.12-1%2Bdeb12u1?arch=all' },
    ]);
  });

  it('are told from those of the same name that were installed beside them', () => {
    const beside = 'usr/local/lib/python3.11/dist-packages/urllib3-2.0.0.dist-info/METADATA';
    const components = scan({ ...distribution, [beside]: 'Name: urllib3\nVersion: 2.0.0\n' });
    const owned = components.filter(({ ownedBy }) => ownedBy !== undefined);
    expect(owned.map(({ version }) => version)).toEqual(['1.26.12']);
  });
});
