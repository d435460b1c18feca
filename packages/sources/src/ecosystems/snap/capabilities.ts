import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of snaps; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['**/snap/*/*/meta/snap.yaml'],
  ownership: true,
  licences: true,
  sourcePackages: false,
  leavesOut: [
    'Snaps that are not unpacked (.snap files are file systems of their own).',
    'Packages inside of a snap that no other ecosystem lists.',
    'OSV has no advisories for snaps: they are listed, and not matched.',
  ],
  examples: [
    {
      title: 'an unpacked snap, owning its folder',
      files: {
        'snap/core/17200/meta/snap.yaml':
          'name: core\nversion: 16-2.61.4-20240607\nlicense: GPL-3.0\ndescription: |\n  name: text\narchitectures: [amd64]\n',
      },
      expected: [
        {
          purl: 'pkg:snap/core@16-2.61.4-20240607',
          files: ['/snap/core/17200/'],
          licences: ['GPL-3.0'],
          scope: 'installed',
        },
      ],
    },
  ],
};
