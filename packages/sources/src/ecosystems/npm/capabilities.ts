import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of npm; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: [
    '**/node_modules/**/package.json',
    '/usr/share/nodejs/**/package.json',
    '**/package-lock.json',
    '**/npm-shrinkwrap.json',
  ],
  ownership: true,
  licences: true,
  sourcePackages: false,
  leavesOut: [
    'The project that a lock file belongs to. Its workspaces are listed, and never matched.',
    'What a package.json asks for that no lock file and no installed package settles: it is an unknown.',
    'Lock files inside node_modules and /usr/share/nodejs: they say nothing of what is installed.',
    'package.json files deeper inside a package.',
  ],
  examples: [
    {
      title: 'installed packages, scoped and nested, each owning its folder',
      files: {
        'app/package.json': '{"name":"app","version":"1.0.0"}',
        'app/node_modules/@babel/core/package.json': '{"name":"@babel/core","version":"7.1.0","license":"MIT"}',
        'app/node_modules/@babel/core/node_modules/ms/package.json': '{"name":"ms","version":"2.0.0"}',
        'app/node_modules/@babel/core/test/package.json': '{"name":"fixture","version":"1.0.0"}',
      },
      expected: [
        {
          purl: 'pkg:npm/%40babel/core@7.1.0',
          files: ['/app/node_modules/@babel/core/'],
          licences: ['MIT'],
          scope: 'installed',
        },
        { purl: 'pkg:npm/ms@2.0.0', files: ['/app/node_modules/@babel/core/node_modules/ms/'], scope: 'installed' },
      ],
    },
    {
      title: 'a package that Debian installed, with a lock file that tells how it was made',
      files: {
        'usr/share/nodejs/ms/package.json': '{"name":"ms","version":"2.1.3"}',
        'usr/share/nodejs/ms/package-lock.json': '{"lockfileVersion":1,"dependencies":{"a":{"version":"1.0.0"}}}',
      },
      expected: [{ purl: 'pkg:npm/ms@2.1.3', files: ['/usr/share/nodejs/ms/'], scope: 'installed' }],
    },
    {
      title: 'a lock file of version 3',
      files: {
        'app/package-lock.json': JSON.stringify({
          lockfileVersion: 3,
          packages: { '': { name: 'app' }, 'node_modules/ms': { version: '2.0.0', license: 'MIT' } },
        }),
      },
      expected: [{ purl: 'pkg:npm/ms@2.0.0', licences: ['MIT'], scope: 'locked' }],
    },
    {
      title: 'a lock file of version 1 with nesting and an alias',
      files: {
        'npm-shrinkwrap.json': JSON.stringify({
          lockfileVersion: 1,
          dependencies: {
            a: { version: '1.0.0', dependencies: { b: { version: '2.0.0' } } },
            old: { version: 'npm:string-width@4.2.0' },
          },
        }),
      },
      expected: [
        { purl: 'pkg:npm/a@1.0.0', scope: 'locked' },
        { purl: 'pkg:npm/b@2.0.0', scope: 'locked' },
        { purl: 'pkg:npm/string-width@4.2.0', scope: 'locked' },
      ],
    },
  ],
};
