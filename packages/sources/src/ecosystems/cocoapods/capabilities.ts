import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of CocoaPods; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['**/Podfile.lock'],
  ownership: false,
  licences: false,
  sourcePackages: false,
  leavesOut: [
    'Which pods are of development only: a lock file does not say.',
    'OSV has no advisories for pods: they are matched only where records of one’s own name the ecosystem CocoaPods.',
  ],
  examples: [
    {
      title: 'a lock file with a part of a pod',
      files: {
        'ios/Podfile.lock': [
          'PODS:',
          '  - AppCenter (4.2.0):',
          '    - AppCenter/Core (= 4.2.0)',
          '  - AppCenter/Core (4.2.0)',
          '  - "GoogleUtilities/NSData+zlib (7.5.2)"',
          '',
          'COCOAPODS: 1.11.2',
        ].join('\n'),
      },
      expected: [
        { purl: 'pkg:cocoapods/AppCenter@4.2.0', scope: 'locked' },
        { purl: 'pkg:cocoapods/AppCenter@4.2.0#Core', scope: 'locked' },
        { purl: 'pkg:cocoapods/GoogleUtilities@7.5.2#NSData%2Bzlib', scope: 'locked' },
      ],
    },
  ],
};
