import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { detectDistribution } from './detect-distribution.ts';

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
    ['ID="centos"\nVERSION_ID="8"', undefined],
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

  it.skipIf(!existsSync(folder))('knows every recorded distribution (skipped without ../shared/inventories)', () => {
    const { files } = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as {
      files: Record<string, Expected>;
    };
    for (const [name, expected] of Object.entries(files)) {
      const root = name.replace(/etc\/[^/]+\/$/, '');
      // BusyBox says so in its binary only, and Syft's "custom" case is a field of its own.
      if (name === 'syft/busybox/' || !existsSync(`${folder}/${root}`)) continue;
      const found = detectDistribution((path) => {
        const file = name.endsWith('/') ? `${folder}/${root}${path}` : `${folder}/${name}`;
        if (!name.endsWith('/') && path !== 'etc/os-release') return undefined;
        return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined;
      });
      expect(found?.id ?? null, name).toBe(expected.id);
      // A point release (13.5) that only debian_version tells is kept out: VERSION_ID says which release it is.
      if (expected.version_id !== null && expected.id !== null && name !== 'syft/debian/with-point-release/') {
        expect(found?.versionId, name).toBe(expected.version_id);
      }
    }
  });
});

interface Expected {
  id: string | null;
  version_id: string | null;
}
