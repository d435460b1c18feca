import type { Capabilities } from '../ecosystem.ts';
import { EXAMPLE_EXECUTABLE } from './example-executable.ts';

/** What is claimed of programs without a package; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['executables (ELF, PE, Mach-O) whose path and text are those of a known program'],
  ownership: true,
  licences: false,
  sourcePackages: false,
  leavesOut: [
    'Files of packages of the operating system: the package says what they are.',
    'Programs of Go: their build information names them.',
    'Scripts and text files.',
    'Programs that are not among the classifiers, or were renamed.',
  ],
  examples: [
    {
      title: 'a server that was copied in',
      files: { 'usr/local/sbin/nginx': EXAMPLE_EXECUTABLE, 'usr/local/sbin/other': EXAMPLE_EXECUTABLE },
      expected: [{ purl: 'pkg:generic/nginx@1.25.1', files: ['/usr/local/sbin/nginx'], scope: 'installed' }],
    },
  ],
};
