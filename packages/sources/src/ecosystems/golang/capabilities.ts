import type { Capabilities } from '../ecosystem.ts';
import { EXAMPLE_EXECUTABLE } from './example-executable.ts';

/** What is claimed of Go; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: [
    'executables (ELF, PE, Mach-O) compiled by Go',
    '**/go.mod',
    '**/go.sum',
    '**/go.work',
    '**/vendor/modules.txt',
  ],
  ownership: true,
  licences: false,
  sourcePackages: false,
  leavesOut: [
    'Versions of the module of a go.mod itself: it is listed without one, and never matched.',
    'vendor/modules.txt and go.sum, where a go.mod of Go 1.17 or later names everything that is needed.',
    'Lines of a go.sum that are of a go.mod alone: no code of those versions is used.',
    'go.mod files in vendor folders, in the module cache and of Go itself.',
    'Executables of Go before 1.18 above 24 MiB: they are an unknown.',
    'Executables whose build information was removed or that are packed.',
  ],
  examples: [
    {
      title: 'a go.mod with a replaced module and a toolchain',
      files: {
        'app/go.mod': [
          'module example.com/app',
          'go 1.21',
          'toolchain go1.22.1',
          'require (',
          '\tgolang.org/x/net v0.1.0',
          '\tgolang.org/x/text v0.3.0 // indirect',
          ')',
          'replace golang.org/x/text => example.com/fork/text v0.3.1',
        ].join('\n'),
      },
      expected: [
        { purl: 'pkg:golang/golang.org/x/net@v0.1.0', scope: 'locked' },
        { purl: 'pkg:golang/example.com/fork/text@v0.3.1', scope: 'locked' },
        { purl: 'pkg:golang/stdlib@1.22.1', scope: 'locked' },
        { purl: 'pkg:golang/example.com/app', scope: 'locked' },
      ],
    },
    {
      title: 'modules that were vendored',
      files: { 'app/vendor/modules.txt': '# golang.org/x/net v0.1.0\n## explicit; go 1.17\ngolang.org/x/net/html\n' },
      expected: [{ purl: 'pkg:golang/golang.org/x/net@v0.1.0', scope: 'locked' }],
    },
    {
      title: 'a go.sum on its own',
      files: {
        'app/go.sum': [
          'golang.org/x/net v0.1.0 h1:a=',
          'golang.org/x/net v0.1.0/go.mod h1:b=',
          'golang.org/x/sys v0.1.0/go.mod h1:c=',
        ].join('\n'),
      },
      expected: [{ purl: 'pkg:golang/golang.org/x/net@v0.1.0', scope: 'locked' }],
    },
    {
      title: 'an executable: its module, what is linked into it, and the Go that compiled it',
      files: { 'usr/local/bin/app': EXAMPLE_EXECUTABLE },
      expected: [
        { purl: 'pkg:golang/example.com/app@v1.2.3', files: ['/usr/local/bin/app'], scope: 'installed' },
        { purl: 'pkg:golang/golang.org/x/net@v0.1.0', scope: 'installed' },
        { purl: 'pkg:golang/example.com/fork/text@v0.3.1', scope: 'installed' },
        { purl: 'pkg:golang/stdlib@1.22.1', scope: 'installed' },
      ],
    },
  ],
};
