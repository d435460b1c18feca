import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of Julia; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['**/Manifest.toml', '**/.julia/packages/*/*/Project.toml', '**/julia/stdlib/*/*/Project.toml'],
  ownership: true,
  licences: false,
  sourcePackages: false,
  leavesOut: [
    'Which packages are of development only: a manifest does not say.',
    'Installed packages of the standard library that state no version: Julia itself is recognised by its program.',
    'Manifests of documents and tests inside of installed packages.',
  ],
  examples: [
    {
      title: 'a manifest of format 2: what has no version has that of Julia',
      files: {
        'app/Manifest.toml': [
          'julia_version = "1.9.0"',
          'manifest_format = "2.0"',
          '[[deps.Dates]]',
          'uuid = "ade2ca70-3891-5945-98fb-dc099432e06a"',
          '[[deps.JSON]]',
          'uuid = "682c06a0-de6a-54ab-a142-c8b1cf79cde6"',
          'version = "0.21.4"',
        ].join('\n'),
      },
      expected: [
        { purl: 'pkg:julia/Dates@1.9.0?uuid=ade2ca70-3891-5945-98fb-dc099432e06a', scope: 'locked' },
        { purl: 'pkg:julia/JSON@0.21.4?uuid=682c06a0-de6a-54ab-a142-c8b1cf79cde6', scope: 'locked' },
      ],
    },
    {
      title: 'a manifest of format 1',
      files: { 'Manifest.toml': '[[Printf]]\nuuid = "de0858da-6303-5e67-8744-51eddeeeb8d7"\n' },
      expected: [{ purl: 'pkg:julia/Printf?uuid=de0858da-6303-5e67-8744-51eddeeeb8d7', scope: 'locked' }],
    },
    {
      title: 'an installed package, without a part of Julia that has no version',
      files: {
        'root/.julia/packages/JSON/93Ea8/Project.toml':
          'name = "JSON"\nuuid = "682c06a0-de6a-54ab-a142-c8b1cf79cde6"\nversion = "0.21.4"\n',
        'usr/local/julia/share/julia/stdlib/v1.9/Dates/Project.toml':
          'name = "Dates"\nuuid = "ade2ca70-3891-5945-98fb-dc099432e06a"\n',
      },
      expected: [
        {
          purl: 'pkg:julia/JSON@0.21.4?uuid=682c06a0-de6a-54ab-a142-c8b1cf79cde6',
          files: ['/root/.julia/packages/JSON/93Ea8/'],
          scope: 'installed',
        },
      ],
    },
  ],
};
