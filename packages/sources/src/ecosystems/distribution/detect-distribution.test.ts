import { existsSync, readFileSync, statSync } from 'node:fs';
import type { Distribution } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DISTRIBUTION_FILES, detectDistribution } from './detect-distribution.ts';
import { distributionOfPrograms } from './distribution-of-programs.ts';

const folder = '../shared/inventories/os-release';
const fromFiles = (files: Record<string, string>) => detectDistribution((path) => files[path]);

describe('detectDistribution', () => {
  it.each([
    ['ID=debian\nVERSION_ID="12"', 'Debian:12'],
    ['ID=alpine\nVERSION_ID=3.10.9', 'Alpine:v3.10'],
    ['ID=ubuntu\nVERSION_ID="22.04"\nVERSION="22.04.3 LTS (Jammy)"', 'Ubuntu:22.04:LTS'],
    ['ID=ubuntu\nVERSION_ID="23.10"\nVERSION="23.10 (Mantic)"', 'Ubuntu:23.10'],
    ['ID="almalinux"\nVERSION_ID="9.4"', 'AlmaLinux:9'],
    ['ID="rocky"\nVERSION_ID="9.3"', 'Rocky Linux:9'],
    ['ID=wolfi\nVERSION_ID=20230201', 'Wolfi'],
    ['ID=sles\nVERSION_ID="15.3"', 'SUSE:Linux Enterprise Server 15 SP3'],
    ['ID="sles"\nVERSION_ID="15"', 'SUSE:Linux Enterprise Server 15'],
    ['ID="sles"\nVERSION_ID="16.0"', 'SUSE:Linux Enterprise Server 16.0'],
    ['ID="sles_sap"\nVERSION_ID="15.6"', 'SUSE:Linux Enterprise Server for SAP Applications 15 SP6'],
    ['ID="sle-micro"\nVERSION_ID="5.3"', 'SUSE:Linux Enterprise Micro 5.3'],
    ['ID="sle-micro-rancher"\nVERSION_ID="5.4"', 'SUSE:Linux Enterprise Micro for Rancher 5.4'],
    ['ID="sl-micro"\nVERSION_ID="6.0"', 'SUSE:Linux Micro 6.0'],
    ['ID="opensuse-leap"\nVERSION_ID="15.2.1"', 'openSUSE:Leap 15.2'],
    ['ID="opensuse-leap-micro"\nVERSION_ID="5.5"', 'openSUSE:Leap Micro 5.5'],
    ['ID="opensuse-tumbleweed"\nVERSION_ID="20220412"', 'openSUSE:Tumbleweed'],
    ['ID="rhel"\nVERSION_ID="9.4"', 'Red Hat:enterprise_linux:9'],
    ['ID=photon\nVERSION_ID=4.0', 'Photon OS:4.0'],
    ['ID=mariner\nVERSION_ID="2.0"', 'Azure Linux:2'],
    ['ID=azurelinux\nVERSION_ID="3.0"', 'Azure Linux:3'],
    ['ID=mageia\nVERSION_ID=9', 'Mageia:9'],
    ['ID="openEuler"\nVERSION_ID="22.03"\nVERSION="22.03 (LTS-SP3)"', 'openEuler:22.03-LTS-SP3'],
    ['ID="openEuler"\nVERSION_ID="24.03"\nVERSION="24.03 (LTS)"', 'openEuler:24.03-LTS'],
    ['ID=alpaquita\nVERSION_ID=stream', 'Alpaquita:stream'],
    ['ID=alpaquita\nVERSION_ID=23', 'Alpaquita:23'],
    ['ID=bellsoft-hardened-containers\nVERSION_ID=stream', 'BellSoft Hardened Containers:stream'],
    ['ID=chainguard\nVERSION_ID=20230214', 'Chainguard'],
    ['ID=cleanstart', 'CleanStart'],
    ['ID=echo\nVERSION_ID=1', 'Echo'],
    ['ID=minimos\nVERSION_ID="20241031"', 'MinimOS'],
    ['ID=debian\nVERSION_CODENAME=forky', 'Debian:14'],
    ['ID="amzn"\nVERSION_ID="2023"', undefined],
    ['ID="ol"\nVERSION_ID="8.10"', undefined],
    ['ID="centos"\nVERSION_ID="7"\nPRETTY_NAME="CentOS Linux 7 (Core)"', 'Red Hat:enterprise_linux:7'],
    ['ID="scientific"\nVERSION_ID="7.9"', 'Red Hat:enterprise_linux:7'],
    ['ID="centos"\nVERSION_ID="9"\nPRETTY_NAME="CentOS Stream 9"', undefined],
    ['ID=fedora\nVERSION_ID=42', undefined],
    ['ID=arch', undefined],
    ['ID=alpine\nVERSION_ID=stream', undefined],
    ['ID=slackware\nVERSION_ID=15', undefined],
    ['ID=debian', undefined],
  ])('matches %j in %s', (text, ecosystem) => {
    expect(fromFiles({ 'etc/os-release': text })?.ecosystem).toBe(ecosystem);
  });

  it('takes the release of Debian from debian_version where os-release states none', () => {
    const files = { 'etc/os-release': 'ID=debian', 'etc/debian_version': '12.5\n' };
    expect(fromFiles(files)).toMatchObject({ versionId: '12.5', ecosystem: 'Debian:12' });
  });

  it.each([['ID="../../etc"'], ['ID=<b>'], ['VERSION_ID=3'], ['']])('names none where %j does not', (text) => {
    expect(fromFiles({ 'etc/os-release': text })).toBeUndefined();
  });

  it.each([
    [
      { 'etc/centos-release': 'CentOS Linux release 7.9.2009 (Core)\n' },
      'centos',
      '7.9.2009',
      'Red Hat:enterprise_linux:7',
    ],
    [{ 'etc/redhat-release': 'CentOS Stream release 8\n' }, 'centos', '8', undefined],
    [{ 'etc/system-release': 'Amazon Linux AMI release 2018.03\n' }, 'amzn', '2018.03', undefined],
    [
      { 'etc/SuSE-release': 'SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n' },
      'sles',
      '11.4',
      'SUSE:Linux Enterprise Server 11 SP4',
    ],
    [{ 'etc/SuSE-release': 'openSUSE 42.3 (x86_64)\nVERSION = 42.3\n' }, 'opensuse', '42.3', 'openSUSE:Leap 42.3'],
    [
      { 'etc/lsb-release': 'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=14.04\nDISTRIB_DESCRIPTION="Ubuntu 14.04.6 LTS"\n' },
      'ubuntu',
      '14.04',
      'Ubuntu:14.04:LTS',
    ],
    [{ 'etc/alpine-release': '3.12.1\n' }, 'alpine', '3.12.1', 'Alpine:v3.12'],
    [{ 'etc/arch-release': '' }, 'arch', undefined, undefined],
    [{ 'etc/debian_version': '9.13\n' }, 'debian', '9.13', 'Debian:9'],
  ])('takes an image without os-release by %j', (files, id, versionId, ecosystem) => {
    const found = fromFiles(files as Record<string, string>);
    expect([found?.id, found?.versionId, found?.ecosystem]).toEqual([id, versionId, ecosystem]);
  });

  it('keeps the point release beside the release, and what a distribution was made from', () => {
    expect(fromFiles({ 'etc/os-release': 'ID=debian\nVERSION_ID=13', 'etc/debian_version': '13.5\n' })).toMatchObject({
      versionId: '13',
      pointRelease: '13.5',
    });
    expect(fromFiles({ 'etc/os-release': 'ID=mint\nID_LIKE="ubuntu debian"' })?.like).toEqual(['ubuntu', 'debian']);
  });

  it('answers any text of any file, never with an exception, and in time', () => {
    const paths = fc.constantFrom(...DISTRIBUTION_FILES);
    const text = fc
      .array(
        fc.oneof(fc.string(), fc.constantFrom('ID=', 'debian', '\n', '"', 'VERSION_ID=', 'DISTRIB_ID=', 'release 7')),
      )
      .map((parts) => parts.join(''));
    fc.assert(fc.property(fc.dictionary(paths, text), (files) => void fromFiles(files)));
    for (const path of DISTRIBUTION_FILES) {
      const started = performance.now();
      for (const part of [' ', 'ID="', 'DISTRIB_ID="', 'VERSION = 1\n', 'release 1.'])
        fromFiles({ [path]: part.repeat(200_000) });
      expect(performance.now() - started).toBeLessThan(2_000);
    }
  });

  it.skipIf(!existsSync(folder))('knows every recorded distribution (skipped without ../shared/inventories)', () => {
    const { files } = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as {
      files: Record<string, Expected>;
    };
    const cases = Object.entries(files);
    expect(cases).toHaveLength(57);
    for (const [name, expected] of cases) {
      // What is no folder is an os-release; the file that a case names stands in for the whole tree.
      const read = name.endsWith('/')
        ? (path: string) => textOf(`${folder}/${name.replace(/etc\/[^/]+\/$/, '')}${path}`)
        : (path: string) => (path === 'etc/os-release' ? textOf(`${folder}/${name}`) : undefined);
      const found =
        name === 'syft/busybox/' ? fromBusyBox(textOf(`${folder}/${name}bin/busybox`)) : detectDistribution(read);
      expect(found?.id ?? null, name).toBe(expected.id);
      // Without an id there is no distribution that a version could be one of.
      if (expected.id !== null) expect(found?.pointRelease ?? found?.versionId ?? null, name).toBe(expected.version_id);
      const like = typeof expected.id_like === 'string' ? expected.id_like.split(' ') : expected.id_like;
      // Syft makes up the relatives of what has no os-release.
      if (!/from-redhat-release|centos[56]|busybox/.test(name)) expect(found?.like ?? null, name).toEqual(like);
    }
  });
});

const textOf = (path: string): string | undefined =>
  existsSync(path) && statSync(path).isFile() ? readFileSync(path, 'utf8') : undefined;

/** A program as the classifier finds it. */
function fromBusyBox(text = ''): Distribution | undefined {
  const version = /BusyBox v([\d.]+)/.exec(text)?.[1] ?? '';
  const busybox = {
    id: 'a',
    type: 'generic',
    name: 'busybox',
    version,
    purl: '',
    licences: [],
    path: '/bin/busybox',
  } as const;
  return distributionOfPrograms([{ ...busybox, licences: [], files: [], scope: 'installed', development: false }]);
}

interface Expected {
  id: string | null;
  version_id: string | null;
  id_like: string | string[] | null;
}
