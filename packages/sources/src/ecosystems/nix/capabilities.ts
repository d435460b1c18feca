import type { Capabilities } from '../ecosystem.ts';

const STORE = 'nix/store';

/** What is claimed of Nix; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['/nix/store/*-*-*/**'],
  ownership: true,
  licences: false,
  sourcePackages: false,
  leavesOut: [
    'Paths of the store whose name has no version: scripts and settings that Nix wrote.',
    'Paths of the store that hold nothing but links.',
    'OSV has no advisories for Nix: its packages are listed, and not matched; programs are recognised by what they say.',
  ],
  examples: [
    {
      title: 'two paths of a store, one an output of a package, without a script',
      files: {
        [`${STORE}/0c7c96gikmzv87i7lv3vq5s1cmfjd6zf-glibc-2.38-44/lib/libc.so.6`]: 'x',
        [`${STORE}/0c7c96gikmzv87i7lv3vq5s1cmfjd6zf-glibc-2.38-44/lib/libm.so.6`]: 'x',
        [`${STORE}/1k4ni4z4j9ph0kmy0qfrdf9mzbpnb6il-openssl-3.0.13-bin/bin/openssl`]: 'x',
        [`${STORE}/2k4ni4z4j9ph0kmy0qfrdf9mzbpnb6il-entrypoint.sh/bin/run`]: 'x',
      },
      expected: [
        {
          purl: 'pkg:nix/glibc@2.38-44?outputhash=0c7c96gikmzv87i7lv3vq5s1cmfjd6zf',
          files: ['/nix/store/0c7c96gikmzv87i7lv3vq5s1cmfjd6zf-glibc-2.38-44/'],
          scope: 'installed',
        },
        {
          purl: 'pkg:nix/openssl@3.0.13?outputhash=1k4ni4z4j9ph0kmy0qfrdf9mzbpnb6il',
          files: ['/nix/store/1k4ni4z4j9ph0kmy0qfrdf9mzbpnb6il-openssl-3.0.13-bin/'],
          scope: 'installed',
        },
      ],
    },
  ],
};
