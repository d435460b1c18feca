import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of Bottlerocket; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['/usr/share/bottlerocket/application-inventory.json'],
  ownership: false,
  licences: false,
  sourcePackages: false,
  leavesOut: ['OSV has no advisories for Bottlerocket: its packages are listed, and not matched.'],
  examples: [
    {
      title: 'an inventory with an epoch',
      files: {
        'usr/share/bottlerocket/application-inventory.json': JSON.stringify({
          Content: [
            { Name: 'glibc', Version: '2.43', Release: '1.br1', Epoch: '1', Architecture: 'x86_64' },
            { Name: 'grub', Version: '2.06', Release: '1.br1', Epoch: '0', Architecture: 'x86_64' },
          ],
        }),
      },
      expected: [
        { purl: 'pkg:bottlerocket/glibc@1:2.43-1.br1?arch=x86_64', scope: 'installed' },
        { purl: 'pkg:bottlerocket/grub@2.06-1.br1?arch=x86_64', scope: 'installed' },
      ],
    },
  ],
};
