import type { Capabilities } from '../ecosystem.ts';

/** What is claimed of Hex; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: ['**/mix.lock', '**/rebar.lock', '**/lib/*/ebin/*.app'],
  ownership: true,
  licences: false,
  sourcePackages: false,
  leavesOut: [
    'Which packages are of development only: a lock file does not say.',
    'Applications of Erlang/OTP and Elixir themselves: they are parts of the runtime.',
    'Lock files of dependencies below deps.',
  ],
  examples: [
    {
      title: 'a lock file of mix, with a package from a commit',
      files: {
        'app/mix.lock': [
          '%{',
          '  "jason": {:hex, :jason, "1.3.0", "fa6b", [:mix], [{:decimal, "~> 1.0", [hex: :decimal]}], "hexpm", "53fc"},',
          '  "saml": {:git, "https://git.example/saml.git", "4294a3ac", []},',
          '}',
        ].join('\n'),
      },
      expected: [
        { purl: 'pkg:hex/jason@1.3.0', scope: 'locked' },
        { purl: 'pkg:hex/saml', scope: 'locked' },
      ],
    },
    {
      title: 'a lock file of rebar',
      files: {
        'rebar.lock':
          '{"1.2.0",\n[{<<"certifi">>,{pkg,<<"certifi">>,<<"2.9.0">>},1}]}.\n[{pkg_hash,[{<<"certifi">>, <<"6F2A">>}]}].\n',
      },
      expected: [{ purl: 'pkg:hex/certifi@2.9.0', scope: 'locked' }],
    },
    {
      title: 'a release, without the applications of the runtime',
      files: {
        'app/lib/phoenix-1.6.13/ebin/phoenix.app':
          '{application,phoenix,\n [{applications,[kernel,stdlib]},\n  {vsn,"1.6.13"}]}.\n',
        'app/lib/kernel-8.5/ebin/kernel.app': '{application, kernel, [{vsn, "8.5"}]}.\n',
      },
      expected: [{ purl: 'pkg:hex/phoenix@1.6.13', files: ['/app/lib/phoenix-1.6.13/'], scope: 'installed' }],
    },
  ],
};
