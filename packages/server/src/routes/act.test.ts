import { viewAssessment } from '@breakwater/app/assessment';
import { exampleAssessment, exampleIncident, exampleProfile, NO_REGISTRIES } from '@breakwater/app/testing';
import type { AcceptBehaviours, CloseIncident, ExpectIncident } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { createServer } from '../create-server.ts';
import { openProgressFeed } from '../progress.ts';
import { openSessions } from '../security/sessions.ts';
import { NO_PROFILES } from './behaviour.ts';
import { NO_INCIDENTS } from './incidents.ts';

const TOKEN = 'token-of-this-test';
const CART = encodeURIComponent('shop/Deployment/cart');
const ACCEPT = { container: 'cart', keys: ['k7'], owner: 'team shop', reason: 'a new probe', expires: '2026-12-31' };

function start() {
  const taken: (AcceptBehaviours | ExpectIncident | CloseIncident)[] = [];
  const app = createServer({
    view: viewAssessment(exampleAssessment('2026-01-01T00:00:00Z', [], [])),
    registries: { view: NO_REGISTRIES, advisories: () => '', now: () => '', notificationToken: '' },
    profiles: {
      ...NO_PROFILES,
      async accept(subject, decision) {
        if (subject !== 'shop/Deployment/cart') return undefined;
        taken.push(decision);
        return exampleProfile(subject);
      },
    },
    incidents: {
      ...NO_INCIDENTS,
      async expect(id, request) {
        taken.push(request);
        return { ...exampleIncident(id), status: 'expected' };
      },
    },
    sessions: openSessions(TOKEN, () => 0),
    progress: openProgressFeed(),
    status: () => Promise.reject(new Error('not asked')),
    takeEvents: async () => ({ accepted: 0, unknowns: [] }),
    readIfChanged: async () => false,
    consoleFolder: '/nowhere',
    version: '0.0.0',
  });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    app.request(`http://127.0.0.1:7070${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { taken, post };
}

describe('a decision', () => {
  it('is taken from who is signed in, and answered with how things stand then', async () => {
    const { post, taken } = start();
    const response = await post(`/api/profiles/${CART}/accept`, ACCEPT);
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await response.json()).toMatchObject({ subject: 'shop/Deployment/cart' });
    expect(taken).toEqual([ACCEPT]);
  });

  it('covers nothing that is not named', async () => {
    const { post, taken } = start();
    await post('/api/incidents/I1/expect', { ...ACCEPT, keys: ['k7'] });
    expect(taken[0]).toEqual({
      owner: 'team shop',
      reason: 'a new probe',
      expires: '2026-12-31',
      keys: ['k7'],
      policies: [],
    });
  });

  it('needs a session', async () => {
    expect((await start().post(`/api/profiles/${CART}/accept`, ACCEPT, { authorization: '' })).status).toBe(401);
  });

  it.each<[string, Record<string, string>, number]>([
    ['another port of this machine', { origin: 'http://127.0.0.1:9999' }, 403],
    ['a stranger', { origin: 'https://attacker.example' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
    ['another site, as the browser says', { 'sec-fetch-site': 'same-site' }, 403],
    ['a form', { 'content-type': 'text/plain' }, 415],
    ['our own page', { origin: 'http://127.0.0.1:7070', 'sec-fetch-site': 'same-origin' }, 200],
  ])('of %s is answered as it deserves', async (_, headers, status) => {
    const { post, taken } = start();
    expect((await post(`/api/profiles/${CART}/accept`, ACCEPT, headers)).status).toBe(status);
    expect(taken).toHaveLength(status === 200 ? 1 : 0);
  });

  it.each<[string, unknown]>([
    ['no owner', { ...ACCEPT, owner: ' ' }],
    ['no reason', { ...ACCEPT, reason: '' }],
    ['no end', { ...ACCEPT, expires: undefined }],
    ['an end that is no day', { ...ACCEPT, expires: 'never' }],
    ['nothing that it is about', { ...ACCEPT, keys: [] }],
    ['no JSON', '{'],
  ])('with %s is refused', async (_, body) => {
    const { post, taken } = start();
    const response = await post(`/api/profiles/${CART}/accept`, body);
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(taken).toEqual([]);
  });

  it('is refused beyond 64 KiB', async () => {
    expect((await start().post(`/api/profiles/${CART}/accept`, 'x'.repeat(70_000))).status).toBe(413);
  });

  it.each([
    [`/api/profiles/nobody/accept`, ACCEPT],
    ['/api/incidents/none/close', { reason: 'it is over' }],
    ['/api/incidents/none/contain', { option: 'x', reason: 'it goes on' }],
  ])('about what is not there is a problem with status 404: %s', async (path, body) => {
    const response = await start().post(path, body);
    expect([response.status, await response.json()]).toEqual([404, expect.objectContaining({ code: 'not-found' })]);
  });
});
