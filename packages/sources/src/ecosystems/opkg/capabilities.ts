import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of opkg; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['/{usr,var}/lib/opkg/status', '/{usr,var}/lib/opkg/info/*.list'],
  ownership: true,
  licences: true,
  sourcePackages: false,
  leavesOut: ['OSV has no advisories for OpenWrt or Yocto: their packages are listed, and not matched.'],
  examples: [
    {
      title: 'an installed package with its files, beside one that is not',
      files: {
        'usr/lib/opkg/status': [
          'Package: busybox',
          'Version: 1.35.0-5',
          'Status: install user installed',
          'Architecture: x86_64',
          'License: GPL-2.0',
          '',
          'Package: gone',
          'Version: 1',
          'Status: deinstall user not-installed',
        ].join('\n'),
        'usr/lib/opkg/info/busybox.list': '/bin/busybox\n',
        'bin/busybox': '',
      },
      expected: [
        {
          purl: 'pkg:opkg/busybox@1.35.0-5?arch=x86_64',
          files: ['/bin/busybox'],
          licences: ['GPL-2.0'],
          scope: 'installed',
        },
      ],
    },
  ],
};
