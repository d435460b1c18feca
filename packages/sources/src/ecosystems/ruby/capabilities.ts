import type { Capabilities } from '../ecosystem.ts';

const home = 'usr/local/bundle';

/** What is claimed of Ruby; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['**/specifications/*.gemspec', '**/specifications/default/*.gemspec', '**/Gemfile.lock', '**/gems.locked'],
  ownership: true,
  licences: true,
  sourcePackages: false,
  leavesOut: [
    'Which gems are of development only: a lock file does not say.',
    'Platforms of gems: a flaw is one of the version, whatever it was built for.',
    'Gems that Bundler took from a commit into bundler/gems: their specification is code; Gemfile.lock lists them.',
    'Lock files inside installed gems and below usr/share.',
    'Files of default gems, which lie among those of Ruby itself.',
  ],
  examples: [
    {
      title: 'installed gems, one of them for a platform, each owning its folder',
      files: {
        [`${home}/specifications/nokogiri-1.15.0-x86_64-linux.gemspec`]: [
          '# stub: nokogiri 1.15.0 x86_64-linux lib',
          'Gem::Specification.new do |s|',
          '  s.name = "nokogiri".freeze',
          '  s.version = "1.15.0"',
          '  s.licenses = ["MIT".freeze, "Apache-2.0".freeze]',
          'end',
        ].join('\n'),
        'usr/local/lib/ruby/gems/3.3.0/specifications/default/uri-0.13.0.gemspec':
          'Gem::Specification.new do |spec|\n  spec.name = %q<uri>\n  spec.version = "0.13.0"\nend\n',
      },
      expected: [
        {
          purl: 'pkg:gem/nokogiri@1.15.0',
          files: [`/${home}/gems/nokogiri-1.15.0-x86_64-linux/`],
          licences: ['MIT', 'Apache-2.0'],
          scope: 'installed',
        },
        { purl: 'pkg:gem/uri@0.13.0', scope: 'installed' },
      ],
    },
    {
      title: 'a lock file with a commit, and one gem for two platforms',
      files: {
        'app/Gemfile.lock': [
          'GIT',
          '  remote: https://git.example/rack.git',
          '  revision: 0',
          '  specs:',
          '    rack (2.2.3)',
          '',
          'GEM',
          '  specs:',
          '    nokogiri (1.15.0)',
          '      racc (~> 1.4)',
          '    nokogiri (1.15.0-x86_64-linux)',
          '',
          'DEPENDENCIES',
          '  rack!',
        ].join('\n'),
      },
      expected: [
        { purl: 'pkg:gem/rack@2.2.3', scope: 'locked' },
        { purl: 'pkg:gem/nokogiri@1.15.0', scope: 'locked' },
      ],
    },
  ],
};
