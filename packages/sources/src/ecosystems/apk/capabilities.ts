import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of apk; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'],
  ownership: true,
  licences: true,
  sourcePackages: true,
  leavesOut: [],
  examples: [
    {
      title: 'a package with origin, licence and files',
      files: {
        'etc/os-release': 'ID=alpine\nVERSION_ID=3.20.3\n',
        'lib/apk/db/installed':
          'C:Q1abc=\nP:libssl3\nV:3.3.2-r0\nA:x86_64\nL:Apache-2.0\no:openssl\nF:usr/lib\nR:libssl.so.3\na:0:0:755\nM:0:0:1777\nF:usr/share/man/man1\nR:x.1\n',
        'usr/lib/libssl.so.3': '',
        'usr/share/man/man1/x.1': '',
      },
      expected: [
        {
          purl: 'pkg:apk/alpine/libssl3@3.3.2-r0?arch=x86_64&distro=alpine-3.20.3&upstream=openssl',
          files: ['/usr/lib/libssl.so.3'],
          licences: ['Apache-2.0'],
          source: 'openssl 3.3.2-r0',
        },
      ],
    },
  ],
};
