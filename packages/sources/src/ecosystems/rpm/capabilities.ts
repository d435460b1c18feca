import type { Capabilities } from '../ecosystem.ts';
import { exampleDatabase, exampleHeader } from './example-database.ts';

const REDIS = exampleHeader({
  1000: 'redis',
  1001: '6.2.7',
  1002: '1.module_el8.7.0+3286+7f2d1b2a',
  1003: 1,
  1014: 'BSD and MIT',
  1022: 'x86_64',
  1044: 'redis-6.2.7-1.module_el8.7.0+3286+7f2d1b2a.src.rpm',
  1116: [0, 1, 2],
  1117: ['redis-server', 'redis', 'README'],
  1118: ['/usr/bin/', '/etc/', '/usr/share/doc/redis/'],
  5096: 'redis:6:8070020220509142426:3b9f49c4',
});
const KEY = exampleHeader({ 1000: 'gpg-pubkey', 1001: '3abb34f8', 1002: '5ffd890e', 1014: 'pubkey' });

/** What is claimed of rpm; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: [
    '/var/lib/rpm, /usr/lib/sysimage/rpm, /usr/share/rpm: rpmdb.sqlite with its -wal, Packages.db, Packages',
    '/var/lib/rpmmanifest/container-manifest-2',
  ],
  ownership: true,
  licences: true,
  sourcePackages: true,
  leavesOut: [
    'Public keys (gpg-pubkey), which install nothing.',
    'Links below .build-id.',
    'Files of packages in a container manifest, which does not name them.',
  ],
  examples: [
    {
      title: 'a package of a module with epoch, source, licence and files, beside a public key',
      files: {
        'etc/os-release': 'ID="almalinux"\nVERSION_ID="8.7"\n',
        'var/lib/rpm/Packages.db': exampleDatabase([KEY, REDIS]),
        'usr/bin/redis-server': '',
        'usr/share/doc/redis/README': '',
      },
      expected: [
        {
          purl: 'pkg:rpm/almalinux/redis@1:6.2.7-1.module_el8.7.0%2B3286%2B7f2d1b2a?arch=x86_64&distro=almalinux-8.7&epoch=1&rpmmod=redis:6:8070020220509142426:3b9f49c4&upstream=redis-6.2.7-1.module_el8.7.0%2B3286%2B7f2d1b2a.src.rpm',
          files: ['/usr/bin/redis-server'],
          licences: ['BSD and MIT'],
          source: 'redis 6.2.7-1.module_el8.7.0+3286+7f2d1b2a',
        },
      ],
    },
    {
      title: 'a list of packages in an image without a database',
      files: {
        'etc/os-release': 'ID=mariner\nVERSION_ID="2.0"\n',
        'var/lib/rpmmanifest/container-manifest-2':
          'openssl-libs\t1.1.1k-28.cm2\t1700000000\t1690000000\tMicrosoft Corporation\t(none)\t4364248\tx86_64\t0\topenssl-1.1.1k-28.cm2.src.rpm\n',
      },
      expected: [
        {
          purl: 'pkg:rpm/mariner/openssl-libs@1.1.1k-28.cm2?arch=x86_64&distro=mariner-2.0&upstream=openssl-1.1.1k-28.cm2.src.rpm',
          source: 'openssl 1.1.1k-28.cm2',
        },
      ],
    },
  ],
};
