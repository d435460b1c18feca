import type { Capabilities } from '../ecosystem.ts';
import { EXAMPLE_EXECUTABLE } from './example-executable.ts';

/** What is claimed of programs without a package; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: [
    'executables (ELF, PE, Mach-O) whose path and text are those of a known program',
    '**/release of a runtime of Java, **/VERSION of Go, application.ini of Firefox, and the scripts of Elixir and WP-CLI',
  ],
  ownership: true,
  licences: false,
  sourcePackages: false,
  leavesOut: [
    'Files of packages of the operating system: the package says what they are.',
    'Programs of Go but for a few whose build information does not tell their release.',
    'Other scripts and text files.',
    'Programs that are not among the classifiers, or were renamed.',
  ],
  examples: [
    {
      title: 'a runtime of Java by its release file',
      files: { 'opt/java/release': 'IMPLEMENTOR="Example"\nJAVA_VERSION="21.0.1"\n' },
      expected: [{ purl: 'pkg:generic/oracle/openjdk@21.0.1', files: ['/opt/java/release'], scope: 'installed' }],
    },
    {
      title: 'a server that was copied in',
      files: { 'usr/local/sbin/nginx': EXAMPLE_EXECUTABLE, 'usr/local/sbin/other': EXAMPLE_EXECUTABLE },
      expected: [{ purl: 'pkg:generic/nginx@1.25.1', files: ['/usr/local/sbin/nginx'], scope: 'installed' }],
    },
  ],
};
