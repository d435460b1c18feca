import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of Portage; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['/var/db/pkg/*/*/{PF,CONTENTS,LICENSE}'],
  ownership: true,
  licences: true,
  sourcePackages: false,
  leavesOut: ['OSV has no advisories for Gentoo: its packages are listed, and not matched.'],
  examples: [
    {
      title: 'an installed package with its files',
      files: {
        'var/db/pkg/dev-lang/python-exec-2.4.6-r4/PF': 'python-exec-2.4.6-r4\n',
        'var/db/pkg/dev-lang/python-exec-2.4.6-r4/LICENSE': 'BSD-2\n',
        'var/db/pkg/dev-lang/python-exec-2.4.6-r4/CONTENTS':
          'dir /usr\nobj /usr/lib/python-exec/python-exec2c 25d9 1621609137\nsym /usr/bin/python -> x 1621609137\n',
        'usr/lib/python-exec/python-exec2c': '',
      },
      expected: [
        {
          purl: 'pkg:ebuild/dev-lang/python-exec@2.4.6-r4',
          files: ['/usr/lib/python-exec/python-exec2c'],
          licences: ['BSD-2'],
          scope: 'installed',
        },
      ],
    },
  ],
};
