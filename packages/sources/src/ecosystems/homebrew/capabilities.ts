import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of Homebrew; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['**/Cellar/*/*/INSTALL_RECEIPT.json'],
  ownership: true,
  licences: false,
  sourcePackages: false,
  leavesOut: ['Casks.', 'OSV has no advisories for Homebrew: its formulae are listed, and not matched.'],
  examples: [
    {
      title: 'a formula, owning its folder',
      files: {
        'home/linuxbrew/.linuxbrew/Cellar/openssl@3/3.3.1_1/INSTALL_RECEIPT.json': JSON.stringify({
          homebrew_version: '4.3.9',
          source: { tap: 'homebrew/core' },
        }),
      },
      expected: [
        {
          purl: 'pkg:brew/openssl%403@3.3.1_1',
          files: ['/home/linuxbrew/.linuxbrew/Cellar/openssl@3/3.3.1_1/'],
          scope: 'installed',
        },
      ],
    },
  ],
};
