import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of bun; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['**/bun.lock'],
  ownership: false,
  licences: false,
  sourcePackages: false,
  leavesOut: [
    'bun.lockb, the binary form: it is said that it was not read.',
    'Workspaces of the project: bun only links them.',
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
  ],
};
