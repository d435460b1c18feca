import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of WordPress; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['**/wp-content/plugins/*/*.php with a header'],
  ownership: true,
  licences: true,
  sourcePackages: false,
  leavesOut: ['Themes.', 'OSV has no advisories for plugins of WordPress: they are listed, and not matched.'],
  examples: [
    {
      title: 'a plugin in its folder, and one that is a single file',
      files: {
        'var/www/html/wp-content/plugins/akismet/akismet.php':
          '<?php\n/**\n * Plugin Name: Akismet Anti-spam\n * Version: 5.3\n * License: GPLv2 or later\n */\n',
        'var/www/html/wp-content/plugins/akismet/class.akismet.php': '<?php\nclass Akismet {}\n',
        'var/www/html/wp-content/plugins/hello.php': '<?php /*\nPlugin Name: Hello Dolly\nVersion: 1.7.2 */\n',
      },
      expected: [
        {
          purl: 'pkg:wordpress-plugin/akismet@5.3',
          files: ['/var/www/html/wp-content/plugins/akismet/'],
          licences: ['GPLv2 or later'],
          scope: 'installed',
        },
        {
          purl: 'pkg:wordpress-plugin/hello@1.7.2',
          files: ['/var/www/html/wp-content/plugins/hello.php'],
          scope: 'installed',
        },
      ],
    },
  ],
};
