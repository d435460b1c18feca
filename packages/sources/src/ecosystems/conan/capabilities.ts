import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of Conan; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['**/conan.lock'],
  ownership: false,
  licences: false,
  sourcePackages: false,
  leavesOut: [
    'Users, channels and revisions of recipes: a flaw is one of the version.',
    'What a conanfile asks for: ranges, not packages.',
  ],
  examples: [
    {
      title: 'lists of version 2, with a tool of the build',
      files: {
        'conan.lock': JSON.stringify({
          version: '0.5',
          requires: ['zlib/1.2.13#97d5%1667396813.987', 'fmt/9.1.0@acme/stable'],
          build_requires: ['cmake/3.25.0#a2f0%1667050636.338'],
          python_requires: [],
        }),
      },
      expected: [
        { purl: 'pkg:conan/zlib@1.2.13', scope: 'locked' },
        { purl: 'pkg:conan/fmt@9.1.0', scope: 'locked' },
        { purl: 'pkg:conan/cmake@3.25.0', scope: 'locked' },
      ],
    },
    {
      title: 'a graph of version 1, without the project itself',
      files: {
        'conan.lock': JSON.stringify({
          graph_lock: {
            nodes: {
              '0': { ref: 'app/1.0', path: 'conanfile.py', requires: ['1'] },
              '1': { ref: 'openssl/3.0.3#288a', requires: ['2'] },
              '2': { pref: 'zlib/1.2.12#b76d:2a19#8873' },
            },
          },
          version: '0.4',
        }),
      },
      expected: [
        { purl: 'pkg:conan/openssl@3.0.3', scope: 'locked' },
        { purl: 'pkg:conan/zlib@1.2.12', scope: 'locked' },
      ],
    },
  ],
};
