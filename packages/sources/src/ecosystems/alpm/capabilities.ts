import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of pacman; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['/var/lib/pacman/local/*/desc', '/var/lib/pacman/local/*/files'],
  ownership: true,
  licences: true,
  sourcePackages: true,
  leavesOut: [],
  examples: [
    {
      title: 'a package of another base, with epoch, licence and files',
      files: {
        'etc/os-release': 'ID=arch\nBUILD_ID=rolling\nPRETTY_NAME="Arch Linux"\n',
        'var/lib/pacman/local/systemd-libs-1:256.7-1/desc':
          '%NAME%\nsystemd-libs\n\n%VERSION%\n1:256.7-1\n\n%BASE%\nsystemd\n\n%ARCH%\nx86_64\n\n%LICENSE%\nLGPL-2.1-or-later\nCC0-1.0\n\n',
        'var/lib/pacman/local/systemd-libs-1:256.7-1/files':
          '%FILES%\nusr/\nusr/lib/\nusr/lib/libsystemd.so.0\nusr/share/doc/systemd/README\n\n%BACKUP%\netc/a\tabc\n',
        'usr/lib/libsystemd.so.0': '',
        'usr/share/doc/systemd/README': '',
      },
      expected: [
        {
          purl: 'pkg:alpm/arch/systemd-libs@1:256.7-1?arch=x86_64&distro=arch&upstream=systemd',
          files: ['/usr/lib/libsystemd.so.0'],
          licences: ['LGPL-2.1-or-later', 'CC0-1.0'],
          source: 'systemd 1:256.7-1',
        },
      ],
    },
  ],
};
