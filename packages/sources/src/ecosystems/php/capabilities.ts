import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of PHP; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: [
    '**/installed.json (of Composer)',
    '**/composer/installed.php (where no installed.json is beside it)',
    '**/composer.lock',
    '**/composer.json (beside a composer.lock)',
  ],
  ownership: true,
  licences: true,
  sourcePackages: false,
  leavesOut: ['The project itself.', 'Lock files below vendor.', 'PECL extensions, which Composer does not install.'],
  examples: [
    {
      title: 'what Composer 2 installed, each package owning its folder',
      files: {
        'app/vendor/composer/installed.json': JSON.stringify({
          packages: [
            { name: 'psr/log', version: '1.1.4', license: ['MIT'], 'install-path': '../psr/log' },
            { name: 'acme/all', version: 'v2.0.0', type: 'metapackage', 'install-path': null },
          ],
          'dev-package-names': [],
        }),
      },
      expected: [
        {
          purl: 'pkg:composer/psr/log@1.1.4',
          files: ['/app/vendor/psr/log/'],
          licences: ['MIT'],
          scope: 'installed',
        },
        { purl: 'pkg:composer/acme/all@v2.0.0', files: [] },
      ],
    },
    {
      title: 'what Composer 1 installed',
      files: { 'vendor/composer/installed.json': '[{"name":"psr/log","version":"1.1.4"}]' },
      expected: [{ purl: 'pkg:composer/psr/log@1.1.4', files: ['/vendor/psr/log/'], scope: 'installed' }],
    },
    {
      title: 'what Composer 2 installed, where only installed.php was left',
      files: {
        'vendor/composer/installed.php': [
          '<?php return array(',
          "    'root' => array(",
          "        'name' => 'acme/app',",
          '    ),',
          "    'versions' => array(",
          "        'psr/log' => array(",
          "            'pretty_version' => '1.1.4',",
          "            'install_path' => __DIR__ . '/../psr/log',",
          "            'dev_requirement' => false,",
          '        ),',
          '    ),',
          ');',
        ].join('\n'),
      },
      expected: [{ purl: 'pkg:composer/psr/log@1.1.4', files: ['/vendor/psr/log/'], scope: 'installed' }],
    },
    {
      title: 'a lock file',
      files: {
        'composer.lock': JSON.stringify({
          packages: [{ name: 'psr/log', version: '1.1.4', license: ['MIT'] }],
          'packages-dev': [{ name: 'phpunit/phpunit', version: '9.5.0' }],
        }),
      },
      expected: [
        { purl: 'pkg:composer/psr/log@1.1.4', licences: ['MIT'], scope: 'locked' },
        { purl: 'pkg:composer/phpunit/phpunit@9.5.0', scope: 'locked' },
      ],
    },
  ],
};
