import type { Capabilities } from '../ecosystem.ts';
import { EXAMPLE_BINARY_LOCK } from './example-binary-lock.ts';

/** What is claimed of bun; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['**/bun.lock', '**/bun.lockb'],
  ownership: false,
  licences: false,
  sourcePackages: false,
  leavesOut: [
    'A bun.lockb beside a bun.lock, and one of another form than 2, which is an unknown.',
    'Advisories of workspaces of the project: they are listed, and never matched.',
    'Lock files inside node_modules: installed packages are read by the npm ecosystem.',
  ],
  examples: [
    {
      title: 'a lock file with commas behind last items, an alias and a commit',
      files: {
        'app/bun.lock': `{
  "lockfileVersion": 1,
  "workspaces": { "": { "name": "app", "dependencies": { "@babel/core": "^7.0.0", }, }, },
  "packages": {
    "@babel/core": ["@babel/core@7.1.0", "", { "dependencies": { "regex": "npm:ansi-regex@5" } }, "sha512-aa=="],

    "regex": ["ansi-regex@5.0.1", "", {}, "sha512-bb=="],

    "mine": ["mine@github:me/mine#6609a88", {}, "me-mine-6609a88"],

    "app": ["app@workspace:."],
  }
}`,
      },
      expected: [
        { purl: 'pkg:npm/%40babel/core@7.1.0', scope: 'locked' },
        { purl: 'pkg:npm/ansi-regex@5.0.1', scope: 'locked' },
        { purl: 'pkg:npm/mine', scope: 'locked' },
      ],
    },
    {
      title: 'a binary lock file, with an alias',
      files: { 'app/bun.lockb': EXAMPLE_BINARY_LOCK },
      expected: [
        { purl: 'pkg:npm/ms@2.1.0', scope: 'locked' },
        { purl: 'pkg:npm/color-convert@2.0.1', scope: 'locked' },
        { purl: 'pkg:npm/color-name@1.1.4', scope: 'locked' },
        { purl: 'pkg:npm/acorn@8.0.0', scope: 'locked' },
        { purl: 'pkg:npm/%40types/ms@0.7.34', scope: 'locked' },
      ],
    },
  ],
};
