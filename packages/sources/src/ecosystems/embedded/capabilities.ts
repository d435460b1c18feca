import type { Capabilities } from '../ecosystem.ts';
import { EXAMPLE_PROGRAM } from './example-program.ts';

/** What is claimed of what programs say of themselves; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['ELF files with a package note (.note.package)', 'native images of GraalVM with an SBOM (--enable-sbom)'],
  ownership: true,
  licences: true,
  sourcePackages: true,
  leavesOut: [
    'Programs that packages of the operating system brought: the system lists them itself.',
    'Package notes in programs above 24 MiB.',
  ],
  examples: [
    {
      title: 'a program of a distribution that was copied in, a native image at that',
      files: { 'app/hello': EXAMPLE_PROGRAM },
      expected: [
        {
          purl: 'pkg:deb/debian/hello@2.10-3?arch=amd64&distro=debian-12',
          files: ['/app/hello'],
          source: 'hello 2.10-3',
          scope: 'installed',
        },
        { purl: 'pkg:maven/org.example/a@1.0', files: ['/app/hello'], licences: ['MIT'], scope: 'installed' },
      ],
    },
  ],
};
