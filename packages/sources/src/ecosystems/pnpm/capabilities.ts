import type { Capabilities } from '../ecosystem.ts';

const version9 = `lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      react-dom:
        specifier: ^18.0.0
        version: 18.2.0(react@18.2.0)

packages:

  react-dom@18.2.0:
    resolution: {integrity: sha512-aa}
    peerDependencies:
      react: ^18.2.0

  react@18.2.0:
    resolution: {integrity: sha512-bb}

snapshots:

  react-dom@18.2.0(react@18.2.0):
    dependencies:
      react: 18.2.0

  react@18.2.0: {}
`;

/** What is claimed of pnpm; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['**/pnpm-lock.yaml'],
  ownership: false,
  licences: false,
  sourcePackages: false,
  leavesOut: [
    'Workspaces of the project: pnpm only links them.',
    'Lock files inside node_modules: installed packages are read by the npm ecosystem.',
  ],
  examples: [
    {
      title: 'a lock file of version 9',
      files: { 'app/pnpm-lock.yaml': version9 },
      expected: [
        { purl: 'pkg:npm/react-dom@18.2.0', scope: 'locked' },
        { purl: 'pkg:npm/react@18.2.0', scope: 'locked' },
      ],
    },
    {
      title: 'a lock file of version 6',
      files: {
        'pnpm-lock.yaml': [
          "lockfileVersion: '6.0'",
          'packages:',
          '  /@babel/core@7.1.0(supports-color@8.1.1):',
          '    resolution: {integrity: sha512-aa}',
          '    dev: false',
        ].join('\n'),
      },
      expected: [{ purl: 'pkg:npm/%40babel/core@7.1.0', scope: 'locked' }],
    },
    {
      title: 'a lock file of version 5 with an archive from elsewhere',
      files: {
        'pnpm-lock.yaml': [
          'lockfileVersion: 5.3',
          'packages:',
          '  /@babel/core/7.1.0_supports-color@8.1.1:',
          '    dev: true',
          '  code.example/mine/archive.tgz:',
          "    name: '@me/mine'",
          '    version: 3.2.3',
        ].join('\n'),
      },
      expected: [
        { purl: 'pkg:npm/%40babel/core@7.1.0', scope: 'locked' },
        { purl: 'pkg:npm/%40me/mine@3.2.3', scope: 'locked' },
      ],
    },
  ],
};
