import { describe, expect, it } from 'vitest';
import { isInScope, scopeOfRegistry, scopesOfList } from './scope-name.ts';

const SETTINGS = { tags: [], interval: 60, unsafePlainHttp: false, unsafeAllowPrivateAddresses: false };

describe('a registry to watch', () => {
  it.each([
    ['registry.example', 'registry.example', ''],
    ['registry.example:5000/team/', 'registry.example:5000', 'team'],
    ['localhost/a/b', 'localhost', 'a/b'],
    ['ghcr.io/Team', undefined, ''],
    ['team/app', undefined, ''],
    ['https://registry.example', undefined, ''],
    ['registry.example/app:1', undefined, ''],
    ['user:secret@registry.example', undefined, ''],
    ['', undefined, ''],
  ])('%s is host %s and prefix %s', (text, registry, prefix) => {
    if (registry === undefined) expect(() => scopeOfRegistry(text, SETTINGS)).toThrow(/names no registry/);
    else expect(scopeOfRegistry(text, SETTINGS).scope).toMatchObject({ registry, prefix });
  });

  it('means the repositories below its path and no others', () => {
    const { scope } = scopeOfRegistry('registry.example/team', SETTINGS);
    const names = ['team', 'team/app', 'teams/app', 'other/team'];
    expect(names.filter((name) => isInScope(scope, name))).toEqual(['team', 'team/app']);
  });
});

describe('a list of repositories', () => {
  it('is one scope for each registry, with patterns of tags where they are given', () => {
    const text = 'ghcr.io/a/b:v1.*\n# a note\n\nghcr.io/a/b:latest\nnginx\nghcr.io/c # and one\n';
    expect(scopesOfList(text, SETTINGS).map(({ scope }) => [scope.registry, scope.repositories])).toEqual([
      [
        'ghcr.io',
        [
          { name: 'a/b', tags: ['v1.*', 'latest'] },
          { name: 'c', tags: [] },
        ],
      ],
      ['docker.io', [{ name: 'library/nginx', tags: [] }]],
    ]);
  });

  it.each(['https://ghcr.io/a', 'ghcr.io/A', 'ghcr.io/a@sha256:1', 'ghcr.io/a:b c'])(
    'says which line names none: %s',
    (line) => {
      expect(() => scopesOfList(`nginx\n${line}`, SETTINGS)).toThrow(/Line 2/);
    },
  );
});
