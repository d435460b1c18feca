import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of Haskell; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['**/cabal.project.freeze', '**/stack.yaml.lock'],
  ownership: false,
  licences: false,
  sourcePackages: false,
  leavesOut: [
    'Packages of a Stackage snapshot that a project does not name itself: the lock file holds the digest of their list.',
    'Which packages are of development only: a lock file does not say.',
    'Compiled programs: they name no packages.',
  ],
  examples: [
    {
      title: 'constraints of Cabal, without flags',
      files: {
        'cabal.project.freeze':
          'active-repositories: hackage.haskell.org:merge\nconstraints: any.Agda ==2.6.4.3,\n             aeson +ordered-keymap,\n             any.text ==2.0.2\nindex-state: hackage.haskell.org 2024-03-26T21:48:45Z\n',
      },
      expected: [
        { purl: 'pkg:hackage/Agda@2.6.4.3', scope: 'locked' },
        { purl: 'pkg:hackage/text@2.0.2', scope: 'locked' },
      ],
    },
    {
      title: 'packages of Stack, one of them from a commit',
      files: {
        'stack.yaml.lock': [
          'packages:',
          '- completed:',
          '    hackage: jose-jwt-0.10.0@sha256:6ed1,3546',
          '    pantry-tree:',
          '      sha256: d982',
          '      size: 799',
          '  original:',
          '    hackage: jose-jwt-0.10.0',
          '- completed:',
          '    commit: 6a5b',
          '    git: https://git.example/persistent.git',
          '    name: persistent',
          '    version: 2.14.6.0',
          '  original:',
          '    git: https://git.example/persistent.git',
          'snapshots: []',
        ].join('\n'),
      },
      expected: [
        { purl: 'pkg:hackage/jose-jwt@0.10.0', scope: 'locked' },
        { purl: 'pkg:hackage/persistent@2.14.6.0', scope: 'locked' },
      ],
    },
  ],
};
