import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of vcpkg; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['**/vcpkg/status'],
  ownership: false,
  licences: false,
  sourcePackages: false,
  leavesOut: ['Features of ports.', 'OSV has no advisories for vcpkg: its ports are listed, and not matched.'],
  examples: [
    {
      title: 'installed ports, without features and what was removed',
      files: {
        'opt/vcpkg/installed/vcpkg/status': [
          'Package: curl',
          'Version: 7.68.0',
          'Port-Version: 1',
          'Architecture: x64-linux',
          'Status: install ok installed',
          '',
          'Package: curl',
          'Feature: ssl',
          'Architecture: x64-linux',
          'Status: install ok installed',
          '',
          'Package: zlib',
          'Version: 1.2.11',
          'Architecture: x64-linux',
          'Status: purge ok not-installed',
        ].join('\n'),
      },
      expected: [{ purl: 'pkg:vcpkg/curl@7.68.0%231?triplet=x64-linux', scope: 'installed' }],
    },
  ],
};
