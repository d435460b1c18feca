import type { Capabilities } from '../ecosystem.ts';
import { EXAMPLE_EXECUTABLE } from './example-executable.ts';

/** What is claimed of Rust; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: [
    'executables (ELF, PE, Mach-O) made by cargo-auditable',
    '**/Cargo.lock',
    '**/Cargo.toml (beside or below a Cargo.lock)',
  ],
  ownership: true,
  licences: false,
  sourcePackages: false,
  leavesOut: [
    'Executables that were not made by cargo-auditable: they name no crates.',
    'Crates that only the build of an executable used: they are not in it.',
    'Which crates of a Cargo.lock are of tests and builds only, where no Cargo.toml is beside it: it does not say.',
    'Advisories of the project and the members of its workspace: they are listed, and never matched.',
    'Lists in executables above 24 MiB: they are an unknown.',
  ],
  examples: [
    {
      title: 'a lock file, with the project itself',
      files: {
        'app/Cargo.lock': [
          'version = 3',
          '[[package]]',
          'name = "app"',
          'version = "0.1.0"',
          '[[package]]',
          'name = "serde"',
          'version = "1.0.217"',
          'source = "registry+https://github.com/rust-lang/crates.io-index"',
        ].join('\n'),
      },
      expected: [
        { purl: 'pkg:cargo/app@0.1.0', scope: 'locked' },
        { purl: 'pkg:cargo/serde@1.0.217', scope: 'locked' },
      ],
    },
    {
      title: 'an executable made by cargo-auditable, without what only its build used',
      files: { 'usr/local/bin/app': EXAMPLE_EXECUTABLE },
      expected: [
        { purl: 'pkg:cargo/app@0.1.0', files: ['/usr/local/bin/app'], scope: 'installed' },
        { purl: 'pkg:cargo/serde@1.0.217', files: ['/usr/local/bin/app'], scope: 'installed' },
      ],
    },
  ],
};
