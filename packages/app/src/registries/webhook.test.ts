import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookWhereNotified, readNotification } from './webhook.ts';

const SCOPE = { tags: [], interval: 60, unsafePlainHttp: false, unsafeAllowPrivateAddresses: false };

describe('a notification', () => {
  it.each([
    [
      'Distribution',
      { events: [{ action: 'push', target: { repository: 'team/app' }, request: { host: 'Registry.example:5000' } }] },
      [{ host: 'registry.example:5000', repository: 'team/app' }],
    ],
    [
      'Azure',
      { action: 'push', target: { repository: 'app' }, request: { host: 'a.azurecr.io' } },
      [{ host: 'a.azurecr.io', repository: 'app' }],
    ],
    [
      'Harbor',
      { type: 'PUSH_ARTIFACT', event_data: { repository: { repo_full_name: 'team/app' } } },
      [{ repository: 'team/app' }],
    ],
    ['Docker Hub', { repository: { repo_name: 'team/app' } }, [{ host: 'docker.io', repository: 'team/app' }]],
    ['Quay', { repository: 'team/app', docker_url: 'quay.io/team/app' }, [{ host: 'quay.io', repository: 'team/app' }]],
    [
      'a stranger',
      { events: [{ target: { repository: '../../etc' } }, { target: { repository: 'a'.repeat(256) } }, 1, null] },
      [],
    ],
    ['nothing', null, []],
  ])('of %s names its repositories', (_, body, named) => {
    expect(readNotification(body)).toEqual(named);
  });

  it('of any kind is read, and names a hundred repositories at most', () => {
    fc.assert(fc.property(fc.json(), (text) => void readNotification(JSON.parse(text))));
    const events = Array.from({ length: 5000 }, (_, index) => ({ target: { repository: `a${index}` } }));
    expect(readNotification({ events })).toHaveLength(100);
  });

  it('makes looks due only at what the operator watches', async () => {
    const looked: object[] = [];
    const view = {
      scopes: async () => [
        { name: 'one', scope: { ...SCOPE, registry: 'one.example', prefix: 'team' } },
        {
          name: 'two',
          scope: { ...SCOPE, registry: 'two.example', prefix: '', repositories: [{ name: 'team/app', tags: [] }] },
        },
      ],
      addRepository: async (watch: string, repository: string) => void looked.push({ added: `${watch} ${repository}` }),
      lookNow: async (where: object) => looked.push(where),
    };
    const notify = async (host: string | undefined, repository: string) => {
      looked.length = 0;
      await lookWhereNotified(view, [{ host, repository }], '2026-01-01T00:00:00Z');
      return looked.map((entry) => Object.values(entry).join(' '));
    };
    expect(await notify('two.example', 'team/app')).toEqual(['two team/app']);
    expect(await notify('internal', 'team/app')).toEqual(['one team/app', 'one team/app', 'two team/app']);
    expect(await notify(undefined, 'other/app')).toEqual([]);
    expect(await notify('docker.io', 'team/app')).toEqual([]);
  });
});
