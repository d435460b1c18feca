import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of images of Bitnami; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['/opt/bitnami/*/.spdx-*.spdx'],
  ownership: true,
  licences: true,
  sourcePackages: false,
  leavesOut: [
    'Packages of operating systems that a document names: the system lists them itself.',
    'Which files of a folder are of which of its parts.',
  ],
  examples: [
    {
      title: 'a server with a library in it',
      files: {
        'opt/bitnami/redis/.spdx-redis.spdx': JSON.stringify({
          spdxVersion: 'SPDX-2.3',
          packages: [
            {
              name: 'redis',
              licenseConcluded: 'BSD-3-Clause',
              externalRefs: [
                { referenceType: 'purl', referenceLocator: 'pkg:bitnami/redis@7.2.4-1?arch=amd64&distro=debian-12' },
                { referenceType: 'cpe23Type', referenceLocator: 'cpe:2.3:*:redis:redis:7.2.4:*:*:*:*:*:*:*' },
              ],
            },
            {
              name: 'hiredis',
              licenseConcluded: 'NOASSERTION',
              externalRefs: [{ referenceType: 'purl', referenceLocator: 'pkg:golang/example.org/lib@v1.0.0' }],
            },
          ],
        }),
      },
      expected: [
        {
          purl: 'pkg:bitnami/redis@7.2.4-1?arch=amd64&distro=debian-12',
          files: ['/opt/bitnami/redis/'],
          licences: ['BSD-3-Clause'],
          scope: 'installed',
        },
        { purl: 'pkg:golang/example.org/lib@v1.0.0', scope: 'installed' },
      ],
    },
  ],
};
