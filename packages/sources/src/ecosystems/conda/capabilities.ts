import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of conda; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['**/conda-meta/*.json', '**/environment.yml'],
  ownership: true,
  licences: true,
  sourcePackages: false,
  leavesOut: [
    'OSV has no advisories for packages of conda: those for Python are matched by their dist-info, as PyPI’s.',
    'Versions that an environment leaves open: the package is listed without one.',
    'Packages in the cache below pkgs, which no environment holds.',
  ],
  examples: [
    {
      title: 'an installed package with its build, licence and files',
      files: {
        'opt/conda/conda-meta/openssl-3.0.13-h7f8727e_0.json': JSON.stringify({
          name: 'openssl',
          version: '3.0.13',
          build: 'h7f8727e_0',
          channel: 'https://conda.example/pkgs/main/linux-64',
          subdir: 'linux-64',
          license: 'Apache-2.0',
          files: ['lib/libssl.so.3', 'share/doc/openssl/README.md', 'gone'],
        }),
        'opt/conda/lib/libssl.so.3': '',
      },
      expected: [
        {
          purl: 'pkg:conda/openssl@3.0.13?build=h7f8727e_0&channel=main&subdir=linux-64',
          files: ['/opt/conda/lib/libssl.so.3'],
          licences: ['Apache-2.0'],
          scope: 'installed',
        },
      ],
    },
    {
      title: 'an environment, with packages of PyPI and a version that is left open',
      files: {
        'environment.yml': [
          'name: app',
          'channels:',
          '  - conda-forge',
          'dependencies:',
          '  - conda-forge::numpy=1.26.4=py311_0',
          '  - libblas>=3.9',
          '  - pip:',
          '      - django==5.0.6',
        ].join('\n'),
      },
      expected: [
        { purl: 'pkg:conda/numpy@1.26.4', scope: 'locked' },
        { purl: 'pkg:conda/libblas', scope: 'locked' },
        { purl: 'pkg:pypi/django@5.0.6', scope: 'locked' },
      ],
    },
  ],
};
