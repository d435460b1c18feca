import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { alpm } from './alpm/alpm.ts';
import { bottlerocket } from './bottlerocket/bottlerocket.ts';
import { chisel } from './chisel/chisel.ts';
import { cos } from './cos/cos.ts';
import type { Ecosystem } from './ecosystem.ts';
import { flatpak } from './flatpak/flatpak.ts';
import { portage } from './portage/portage.ts';
import { snap } from './snap/snap.ts';
import { vcpkg } from './vcpkg/vcpkg.ts';

const root = '../shared/inventories/os-packages';

/** Who reads a recorded list, and where it lies in an image. */
const READERS: Record<string, [ecosystem: Ecosystem, path: string]> = {
  pacman: [alpm, 'var/lib/pacman/local/a-1-1/desc'],
  portage: [portage, 'var/db/pkg/dev-perl/Getopt-Long-2.580.0/PF'],
  cos: [cos, 'etc/cos-package-info.json'],
  snap: [snap, 'snap/core/17200/meta/snap.yaml'],
  flatpak: [flatpak, 'var/lib/flatpak/app/org.gimp.GIMP/current/active/export/share/metainfo/a.metainfo.xml'],
  chisel: [chisel, 'var/lib/chisel/manifest.wall'],
  bottlerocket: [
    bottlerocket,
    'x86_64-bottlerocket-linux-gnu/sys-root/usr/share/bottlerocket/application-inventory.json',
  ],
};

interface Expected {
  name: string;
  version: string;
  release?: string;
  epoch?: string;
}

const versionOf = ({ version, release, epoch }: Expected): string =>
  `${epoch && epoch !== '0' ? `${epoch}:` : ''}${version}${release === undefined ? '' : `-${release}`}`;

const cases = existsSync(root)
  ? (JSON.parse(readFileSync(`${root}/other/expected.json`, 'utf8')) as {
      files: Record<string, { packages: Expected[] }>;
    })
  : { files: {} };

describe.skipIf(!existsSync(root))('recorded lists of systems (skipped without ../shared/inventories)', () => {
  it.each(Object.entries(cases.files))('reads exactly the packages of %s', (name, { packages }) => {
    const [ecosystem, path] = READERS[name.split('/')[0]!]!;
    expect(ecosystem.wants(path)).toBe(true);
    const { components } = ecosystem.parse([{ path, bytes: readFileSync(`${root}/other/${name}`) }], {
      target: 'test',
    });
    const read = components.map((item) => `${item.name.split('/').at(-1)} ${item.version}`);
    expect(read.sort()).toEqual(packages.map((item) => `${item.name} ${versionOf(item)}`).sort());
  });

  it('reads the ports of vcpkg as another scanner does', () => {
    const path = 'src/vcpkg/installed/vcpkg/status';
    const bytes = readFileSync(`${root}/dpkg/claircore-vcpkg/status`);
    const { components, unknowns } = vcpkg.parse([{ path, bytes }], { target: 'test' });
    const { files } = JSON.parse(readFileSync(`${root}/dpkg/expected.json`, 'utf8')) as typeof cases;
    const expected = files['claircore-vcpkg/status']!.packages.map(({ name, version }) => `${name} ${version}`);
    expect(components.map(({ name, version }) => `${name} ${version}`).sort()).toEqual(expected.sort());
    expect(unknowns).toEqual([]);
  });
});
