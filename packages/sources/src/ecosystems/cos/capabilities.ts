import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of Container-Optimized OS; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['/etc/cos-package-info.json'],
  ownership: false,
  licences: false,
  sourcePackages: false,
  leavesOut: [
    'Packages that only the build used.',
    'OSV has no advisories for Container-Optimized OS: its packages are listed, and not matched.',
  ],
  examples: [
    {
      title: 'installed packages, without those of the build',
      files: {
        'etc/cos-package-info.json': JSON.stringify({
          installedPackages: [
            { category: 'sys-libs', name: 'zlib', version: '17162.336.17', ebuild_version: '1.2.11-r5' },
          ],
          buildTimePackages: [{ category: 'app-admin', name: 'eselect', version: '17162.336.16' }],
        }),
      },
      expected: [{ purl: 'pkg:cos/sys-libs/zlib@17162.336.17', scope: 'installed' }],
    },
  ],
};
