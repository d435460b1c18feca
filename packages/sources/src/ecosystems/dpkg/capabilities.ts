import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of dpkg; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['/var/lib/dpkg/status', '/var/lib/dpkg/status.d/*', '/var/lib/dpkg/info/*.list'],
  ownership: true,
  licences: false,
  sourcePackages: true,
  leavesOut: [
    'Packages that are removed (deinstall ok config-files).',
    'Packages that are unpacked or half installed are unknowns.',
    'Repositories of packages: who built one is told by its maintainer, origin or version where these name another.',
  ],
  examples: [
    {
      title: 'an installed package with its source and files, beside a removed one',
      files: {
        'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
        'var/lib/dpkg/status': [
          'Package: libssl3',
          'Status: install ok installed',
          'Architecture: amd64',
          'Source: openssl (3.0.11-1)',
          'Version: 3.0.11-1+b1',
          'Description: library',
          ' with a second line: not a field',
          '',
          'Package: gone',
          'Status: deinstall ok config-files',
          'Version: 1',
          '',
        ].join('\n'),
        'var/lib/dpkg/info/libssl3:amd64.list':
          '/.\n/usr\n/usr/lib\n/usr/lib/libssl.so.3\n/usr/share/doc/libssl3/copyright\n',
        'usr/lib/libssl.so.3': '',
        'usr/share/doc/libssl3/copyright': '',
      },
      expected: [
        {
          purl: 'pkg:deb/debian/libssl3@3.0.11-1%2Bb1?arch=amd64&distro=debian-12&upstream=openssl%403.0.11-1',
          files: ['/usr/lib/libssl.so.3'],
          source: 'openssl 3.0.11-1',
        },
      ],
    },
    {
      title: 'an epoch stays in the version',
      files: {
        'etc/os-release': 'ID=ubuntu\nVERSION_ID="22.04"\nVERSION="22.04.3 LTS (Jammy Jellyfish)"\n',
        'var/lib/dpkg/status':
          'Package: git\nStatus: install ok installed\nArchitecture: arm64\nVersion: 1:2.34.1-1ubuntu1\n',
      },
      expected: [
        {
          purl: 'pkg:deb/ubuntu/git@1:2.34.1-1ubuntu1?arch=arm64&distro=ubuntu-22.04',
          source: 'git 1:2.34.1-1ubuntu1',
        },
      ],
    },
    {
      title: 'a distroless image without Status fields, files from md5sums',
      files: {
        'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
        'var/lib/dpkg/status.d/tzdata': 'Package: tzdata\nVersion: 2024a-0\nArchitecture: all\n',
        'var/lib/dpkg/status.d/tzdata.md5sums': 'd41d8cd98f00b204e9800998ecf8427e  usr/sbin/tzconfig\n',
        'usr/sbin/tzconfig': '',
      },
      expected: [
        {
          purl: 'pkg:deb/debian/tzdata@2024a-0?arch=all&distro=debian-12',
          files: ['/usr/sbin/tzconfig'],
          source: 'tzdata 2024a-0',
        },
      ],
    },
  ],
};
