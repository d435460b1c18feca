import { viewAssessment } from '@breakwater/app/assessment';
import { exampleAssessment, NO_REGISTRIES } from '@breakwater/app/testing';
import { Problem } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { createServer } from '../create-server.ts';
import { openProgressFeed } from '../progress.ts';
import { openSessions } from '../security/sessions.ts';

const TOKEN = 'token-of-notifications';

function start() {
  const clock = { now: Date.parse('2026-01-01T00:00:00Z') };
  const app = createServer({
    view: viewAssessment(exampleAssessment('2026-01-01T00:00:00Z', [], [])),
    registries: {
      view: NO_REGISTRIES,
      advisories: () => '',
      now: () => new Date(clock.now).toISOString(),
      notificationToken: TOKEN,
    },
    sessions: openSessions('token-of-the-api', () => clock.now),
    progress: openProgressFeed(),
    status: () => Promise.reject(new Error('not asked')),
    takeEvents: async () => ({ accepted: 0, unknowns: [] }),
    readIfChanged: async () => false,
    consoleFolder: '/nowhere',
    version: '0.0.0',
  });
  const post = (path: string, authorization: string, body = '{"events":[]}') =>
    app.request(`http://127.0.0.1:7070${path}`, { method: 'POST', headers: { authorization }, body });
  return {
    clock,
    post,
    notify: (authorization: string, body?: string) => post('/hooks/registries', authorization, body),
  };
}

describe('notifications of registries', () => {
  it.each([
    ['Bearer', `Bearer ${TOKEN}`],
    ['Basic, the token as password', `Basic ${btoa(`any:${TOKEN}`)}`],
  ])('are taken with the token: %s', async (_, authorization) => {
    const response = await start().notify(authorization);
    expect([response.status, await response.json()]).toEqual([202, { looks: 0 }]);
  });

  it.each([
    '',
    'Bearer',
    'Bearer token-of-the-api',
    `Bearer ${TOKEN}x`,
    `Basic ${btoa(TOKEN)}`,
    `Basic ${btoa('a:b')}`,
    'Basic ?',
  ])('are refused with %o, and the refusal does not tell the token', async (authorization) => {
    const response = await start().notify(authorization);
    const text = await response.text();
    expect([response.status, Problem.parse(JSON.parse(text)).code]).toEqual([401, 'notification-token-wrong']);
    expect(text).not.toContain(TOKEN);
  });

  it('open nothing else with their token', async () => {
    expect((await start().post('/api/registries/look', `Bearer ${TOKEN}`, '{}')).status).toBe(401);
  });

  it('are bounded in size and in number', async () => {
    const { notify, clock } = start();
    expect((await notify(`Bearer ${TOKEN}`, `"${'x'.repeat(1024 * 1024)}"`)).status).toBe(413);
    expect((await notify(`Bearer ${TOKEN}`, 'no json')).status).toBe(400);
    const many = await Promise.all(Array.from({ length: 100 }, () => notify(`Bearer ${TOKEN}`)));
    const refused = many.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(100 - 58);
    expect(refused[0]?.headers.get('retry-after')).toBe('5');
    clock.now += 2000;
    expect((await notify(`Bearer ${TOKEN}`)).status).toBe(202);
  });
});

describe('a look that is asked for', () => {
  it('is refused for what is not watched', async () => {
    const response = await start().post('/api/registries/look', 'Bearer token-of-the-api', '{"name":"evil.example"}');
    expect([response.status, Problem.parse(await response.json()).code]).toEqual([404, 'registry-not-watched']);
  });
});
