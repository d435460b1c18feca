import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of R; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['**/library/*/DESCRIPTION', '**/site-library/*/DESCRIPTION', '**/renv.lock'],
  ownership: true,
  licences: true,
  sourcePackages: false,
  leavesOut: [
    'Packages of R itself (priority base).',
    'Which packages are of development only: a lock file does not say.',
  ],
  examples: [
    {
      title: 'installed packages of CRAN and of Bioconductor, without one of R itself',
      files: {
        'usr/local/lib/R/site-library/commonmark/DESCRIPTION':
          'Package: commonmark\nVersion: 1.7\nLicense: BSD_2_clause + file LICENSE\nRepository: CRAN\nDescription: text\n  that goes on.\n',
        'usr/local/lib/R/site-library/BSgenome/DESCRIPTION':
          'Package: BSgenome\nVersion: 1.60.0\nbiocViews: Genetics\n',
        'usr/lib/R/library/stats/DESCRIPTION': 'Package: stats\nVersion: 4.3.1\nPriority: base\n',
      },
      expected: [
        {
          purl: 'pkg:cran/commonmark@1.7',
          files: ['/usr/local/lib/R/site-library/commonmark/'],
          licences: ['BSD_2_clause + file LICENSE'],
          scope: 'installed',
        },
        { purl: 'pkg:bioconductor/BSgenome@1.60.0', scope: 'installed' },
      ],
    },
    {
      title: 'a lock file of renv',
      files: {
        'renv.lock': JSON.stringify({
          R: { Version: '4.3.1' },
          Packages: {
            markdown: { Package: 'markdown', Version: '1.0', Source: 'Repository', Repository: 'CRAN' },
            BH: { Package: 'BH', Version: '1.75.0-0', Source: 'Bioconductor' },
          },
        }),
      },
      expected: [
        { purl: 'pkg:cran/markdown@1.0', scope: 'locked' },
        { purl: 'pkg:bioconductor/BH@1.75.0-0', scope: 'locked' },
      ],
    },
  ],
};
