import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of yarn; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['**/yarn.lock', '**/package.json (outside of node_modules, beside or below a yarn.lock)'],
  ownership: false,
  licences: false,
  sourcePackages: false,
  leavesOut: [
    'Which packages are of development only, where no package.json is beside a yarn.lock: it does not say.',
    'Advisories of the project and its workspaces: they are listed as package.json files name them, and never matched.',
    'Lock files inside node_modules: they say nothing of what is installed.',
    'Archives in .yarn/cache: yarn.lock lists the same packages.',
  ],
  examples: [
    {
      title: 'a lock file of yarn 1, with ranges that share an entry, an alias and a commit',
      files: {
        'app/yarn.lock': [
          '# yarn lockfile v1',
          '',
          '"@babel/core@^7.0.0", "@babel/core@^7.1.0":',
          '  version "7.1.0"',
          '  dependencies:',
          '    ms "^2.0.0"',
          'regex@npm:ansi-regex@^5.0.0:',
          '  version "5.0.1"',
          '"mine@git+https://git.example/mine.git":',
          '  version "1.1.1"',
        ].join('\n'),
      },
      expected: [
        { purl: 'pkg:npm/%40babel/core@7.1.0', scope: 'locked' },
        { purl: 'pkg:npm/ansi-regex@5.0.1', scope: 'locked' },
        { purl: 'pkg:npm/mine@1.1.1', scope: 'locked' },
      ],
    },
    {
      title: 'a project with its package.json',
      files: {
        'package.json': '{"name":"app","version":"1.0.0","dependencies":{"ms":"^2.0.0"}}',
        'yarn.lock': 'ms@^2.0.0:\n  version "2.0.0"\n',
      },
      expected: [
        { purl: 'pkg:npm/app@1.0.0', scope: 'locked' },
        { purl: 'pkg:npm/ms@2.0.0', scope: 'locked' },
      ],
    },
    {
      title: 'a lock file of yarn 4, without the project itself',
      files: {
        'yarn.lock': [
          '__metadata:',
          '  version: 8',
          '"@babel/core@npm:^7.0.0, @babel/core@npm:^7.1.0":',
          '  version: 7.1.0',
          '  resolution: "@babel/core@npm:7.1.0"',
          '  dependencies:',
          '    ms: "npm:^2.0.0"',
          '"app@workspace:.":',
          '  version: 0.0.0-use.local',
          '  resolution: "app@workspace:."',
        ].join('\n'),
      },
      expected: [{ purl: 'pkg:npm/%40babel/core@7.1.0', scope: 'locked' }],
    },
  ],
};
