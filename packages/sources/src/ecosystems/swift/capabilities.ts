import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of Swift; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['**/Package.resolved', '**/.package.resolved'],
  ownership: false,
  licences: false,
  sourcePackages: false,
  leavesOut: [
    'Which packages are of development only: a lock file does not say.',
    'Lists of packages that were checked out.',
  ],
  examples: [
    {
      title: 'a list of version 2, with a package that follows a branch and one of a registry',
      files: {
        'Package.resolved': JSON.stringify({
          pins: [
            {
              identity: 'swift-nio',
              kind: 'remoteSourceControl',
              location: 'https://github.com/apple/swift-nio.git',
              state: { revision: 'b14b', version: '2.41.0' },
            },
            {
              identity: 'quick',
              kind: 'remoteSourceControl',
              location: 'git@github.com:Quick/Quick.git',
              state: { revision: '494e', branch: 'main' },
            },
            { identity: 'mona.linkedlist', kind: 'registry', location: '', state: { version: '1.2.0' } },
          ],
          version: 2,
        }),
      },
      expected: [
        { purl: 'pkg:swift/github.com/apple/swift-nio@2.41.0', scope: 'locked' },
        { purl: 'pkg:swift/github.com/Quick/Quick', scope: 'locked' },
        { purl: 'pkg:swift/mona.linkedlist@1.2.0', scope: 'locked' },
      ],
    },
    {
      title: 'a list of version 1',
      files: {
        'App.xcworkspace/xcshareddata/swiftpm/Package.resolved': JSON.stringify({
          object: {
            pins: [
              { package: 'Nimble', repositoryURL: 'https://github.com/Quick/Nimble', state: { version: '9.2.1' } },
            ],
          },
          version: 1,
        }),
      },
      expected: [{ purl: 'pkg:swift/github.com/Quick/Nimble@9.2.1', scope: 'locked' }],
    },
  ],
};
