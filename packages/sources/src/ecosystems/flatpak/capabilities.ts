import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of Flatpak; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['**/flatpak/{app,runtime}/**/*.metainfo.xml', '**/flatpak/{app,runtime}/**/*.appdata.xml'],
  ownership: true,
  licences: true,
  sourcePackages: false,
  leavesOut: [
    'Applications without a description, and libraries inside of one that no other ecosystem lists.',
    'OSV has no advisories for Flatpak: its applications are listed, and not matched.',
  ],
  examples: [
    {
      title: 'an application with its newest release',
      files: {
        'var/lib/flatpak/app/org.gimp.GIMP/current/active/export/share/metainfo/org.gimp.GIMP.metainfo.xml':
          '<?xml version="1.0"?><component type="desktop"><id>org.gimp.GIMP</id><project_license>GPL-3.0+</project_license>' +
          '<releases><release version="2.10.38"/><release version="2.10.36"/></releases></component>',
      },
      expected: [
        {
          purl: 'pkg:flatpak/org.gimp.GIMP@2.10.38',
          files: ['/var/lib/flatpak/app/org.gimp.GIMP/'],
          licences: ['GPL-3.0+'],
          scope: 'installed',
        },
      ],
    },
  ],
};
