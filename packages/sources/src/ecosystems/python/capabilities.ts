import type { Capabilities, CapabilityExample } from '../ecosystem.ts';

const site = 'usr/local/lib/python3.12/site-packages';

const installed: CapabilityExample[] = [
  {
    title: 'distributions that share a namespace, each with what it owns',
    files: {
      [`${site}/google_auth-2.0.dist-info/METADATA`]:
        'Metadata-Version: 2.4\nName: Google.Auth\nVersion: 2.0\nLicense-Expression: Apache-2.0\n\nVersion: of the text',
      [`${site}/google_auth-2.0.dist-info/RECORD`]: [
        'google/auth/__init__.py,sha256=aa,1',
        'google/auth/aio/client.py,sha256=aa,1',
        'google_auth-2.0.dist-info/METADATA,,',
        '../../../bin/google-auth,sha256=aa,1',
        '../../../../../../etc/passwd,,',
      ].join('\r\n'),
      [`${site}/google_api-1.0.dist-info/METADATA`]:
        'Name: google-api\nVersion: 1.0\nClassifier: License :: OSI Approved :: MIT License\n',
      [`${site}/google_api-1.0.dist-info/RECORD`]: 'google/api/__init__.py,,\n"google/api/a,b.py",,\n',
      [`${site}/google/auth/__init__.py`]: '',
      [`${site}/google/auth/aio/client.py`]: '',
      [`${site}/google/api/__init__.py`]: '',
      'usr/local/bin/google-auth': '',
    },
    expected: [
      {
        purl: 'pkg:pypi/google-auth@2.0',
        files: [`/${site}/google/auth/`, '/usr/local/bin/google-auth'],
        licences: ['Apache-2.0'],
        scope: 'installed',
      },
      { purl: 'pkg:pypi/google-api@1.0', files: [`/${site}/google/api/`], licences: ['MIT License'] },
    ],
  },
  {
    title: 'eggs: a folder of metadata, a single file, and a whole egg',
    files: {
      [`${site}/pycups-2.0.1.egg-info`]: 'name: pycups\nversion: 2.0.1\n',
      [`${site}/Old_Package.egg-info/PKG-INFO`]: 'Name: Old_Package\nVersion: 1.0\n',
      [`${site}/Old_Package.egg-info/installed-files.txt`]: '../old/__init__.py\nPKG-INFO\n',
      [`${site}/old/__init__.py`]: '',
      [`${site}/whole-3.0-py3.12.egg/EGG-INFO/PKG-INFO`]: 'Name: whole\nVersion: 3.0\n',
      [`${site}/cups.py`]: '',
    },
    expected: [
      { purl: 'pkg:pypi/pycups@2.0.1', files: [] },
      { purl: 'pkg:pypi/old-package@1.0', files: [`/${site}/old/`] },
      { purl: 'pkg:pypi/whole@3.0', files: [`/${site}/whole-3.0-py3.12.egg/`] },
    ],
  },
];

const locked: CapabilityExample[] = [
  {
    title: 'pinned requirements',
    files: {
      'app/requirements.txt': 'Flask[async]==2.0.0 \\\n  --hash=sha256:aa  # why\n--pre\n# six==1\nsix===1.16 ; a\n',
    },
    expected: [
      { purl: 'pkg:pypi/flask@2.0.0', scope: 'locked' },
      { purl: 'pkg:pypi/six@1.16', scope: 'locked' },
    ],
  },
  {
    title: 'requirements that a file of constraints pins',
    files: { 'app/requirements.txt': '-c constraints.txt\nflask\n', 'app/constraints.txt': 'Flask==2.0.0\nsix==1\n' },
    expected: [{ purl: 'pkg:pypi/flask@2.0.0', scope: 'locked' }],
  },
  {
    title: 'a pyproject.toml without a lock file',
    files: { 'app/pyproject.toml': '[project]\nname = "app"\ndependencies = ["flask==2.0.0"]\n' },
    expected: [{ purl: 'pkg:pypi/flask@2.0.0', scope: 'locked' }],
  },
  {
    title: 'Pipfile.lock',
    files: {
      'Pipfile.lock': '{"default":{"urllib3":{"version":"==1.24.2"}},"develop":{"py.test":{"version":"==7.0"}}}',
    },
    expected: [
      { purl: 'pkg:pypi/urllib3@1.24.2', scope: 'locked' },
      { purl: 'pkg:pypi/py-test@7.0', scope: 'locked' },
    ],
  },
  ...['poetry.lock', 'pdm.lock', 'uv.lock'].map((name) => ({
    title: name,
    files: { [`app/${name}`]: '[[package]]\nname = "urllib3"\nversion = "1.24.2"\n' },
    expected: [{ purl: 'pkg:pypi/urllib3@1.24.2', scope: 'locked' as const }],
  })),
  {
    title: 'pylock.toml, without the project itself',
    files: {
      'app/pylock.dev.toml':
        'lock-version = "1.0"\n[[packages]]\nname = "urllib3"\nversion = "1.24.2"\n' +
        '[[packages]]\nname = "app"\ndirectory = { path = "." }\n',
    },
    expected: [{ purl: 'pkg:pypi/urllib3@1.24.2', scope: 'locked' }],
  },
];

/** What is claimed of Python; each example is run by the conformance test. */
export const capabilities: Capabilities = {
  reads: [
    '**/*.dist-info/METADATA',
    '**/*.egg-info',
    '**/*.egg-info/PKG-INFO',
    '**/*.egg',
    '**/*.egg/EGG-INFO/PKG-INFO',
    '**/ensurepip/_bundled/*.whl',
    '**/python-wheels/*.whl',
    '**/requirements*.txt',
    '**/constraints*.txt (where requirements name it)',
    '**/pyproject.toml',
    '**/requirements/*.txt',
    '**/Pipfile.lock',
    '**/poetry.lock',
    '**/uv.lock',
    '**/pdm.lock',
    '**/pylock.toml',
    '**/pylock.*.toml',
  ],
  ownership: true,
  licences: true,
  sourcePackages: false,
  leavesOut: [
    'Requirements that are not pinned by `==`: each is an unknown with its line, unless distributions are installed.',
    'Wheels that wait to be installed; those that are loaded as they lie are read.',
    'The project that a lock file belongs to; uv lists it, and it is never matched.',
    'Lock files below site-packages, dist-packages, node_modules, usr/share and usr/src.',
    'What a poetry.lock without categories and groups has for development, where no pyproject.toml is beside it.',
    'Environment markers: a package for another platform or release of Python is listed too.',
    'Files of a distribution without RECORD, installed-files.txt, top_level.txt or a module of its name.',
  ],
  examples: [...installed, ...locked],
};
