import type { Capabilities } from '../ecosystem.ts';

/** A manifest of one package, as Chisel packs it. */
const MANIFEST = Buffer.from(
  'KLUv/WBRAN0FAPJLJR9gZ6sDaGprtf4tRjFq4DZZJgiCs6zw5+eNeDIB4OjAhMWbmWJY1lqgsDD6/NqnPz8ch4HnC0mArgQhEXJUogGAHMhAyPPsWD9V8HNG+ecKoYnVJq1bknq6Gi4EeweN2ydmSnod0/MLavPzZqYYWjerxj2vljXICrLb5xdmiSsIiyQPObpVRq3tnxvoeL41NWDXBFcEDABieOSe8fBpNv+YeS6YaLqvFMRhojtHeNdC5fMpO5Ji4gE=',
  'base64',
);

/** What is claimed of Chisel; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['**/chisel/manifest.wall'],
  ownership: true,
  licences: false,
  sourcePackages: false,
  leavesOut: ['Source packages, which a manifest does not name: an unknown says so.'],
  examples: [
    {
      title: 'a package of which one slice was taken',
      files: {
        'var/lib/chisel/manifest.wall': MANIFEST,
        'etc/os-release': 'ID=ubuntu\nVERSION_ID="24.04"\nVERSION="24.04 LTS (Noble Numbat)"\n',
        'usr/bin/openssl': '',
      },
      expected: [
        {
          purl: 'pkg:deb/ubuntu/openssl@3.0.13-0ubuntu3.5?arch=amd64&distro=ubuntu-24.04',
          files: ['/usr/bin/openssl'],
          scope: 'installed',
        },
      ],
      unknowns: ['source-packages-unknown'],
    },
  ],
};
