import { viewAssessment } from '@breakwater/app/assessment';
import { compareReleases, summariseProfile } from '@breakwater/app/profile-views';
import {
  exampleAssessment,
  exampleFinding,
  exampleIncident,
  exampleProfile,
  NO_REGISTRIES,
} from '@breakwater/app/testing';
import { ACTIONS, ROUTES, SCHEMA_VERSION, type Status } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { createServer } from './create-server.ts';
import { openProgressFeed } from './progress.ts';
import { NO_PROFILES } from './routes/behaviour.ts';
import { NO_INCIDENTS } from './routes/incidents.ts';
import { openApiDocument } from './routes/openapi.ts';
import { openSessions } from './security/sessions.ts';

const TOKEN = 'token-of-this-test';
const HOOK_TOKEN = 'token-of-notifications';
const NOW = '2026-01-01T00:00:00.000Z';
const CART = 'default/shop/Deployment/cart';
const finding = exampleFinding(CART, 'no-privileged-containers', 'critical', true);
const assessment = exampleAssessment('2026-01-01T00:00:00Z', ['cart', 'postgres'], [finding]);

function start() {
  const progress = openProgressFeed();
  const sessions = openSessions(TOKEN, () => 0);
  const status = async (): Promise<Status> => ({
    version: '0.0.0',
    startedAt: '2026-01-01T00:00:00Z',
    paths: [],
    progress: progress.current(),
    advisories: { imported: false, advisories: 0, rows: 0, ecosystems: [], rejected: 0 },
    store: 'sqlite',
  });
  const app = createServer({
    view: viewAssessment(assessment),
    registries: { view: NO_REGISTRIES, advisories: () => '', now: () => NOW, notificationToken: HOOK_TOKEN },
    views: {
      questions: async () => ({ schemaVersion: SCHEMA_VERSION, time: NOW, items: [] }),
      map: async () => ({ time: NOW, boxes: [], links: [], more: 0, notKnown: [] }),
      outlook: async () => ({ time: NOW, policies: [], teams: [], exceptions: [], guards: [] }),
    },
    profiles: {
      ...NO_PROFILES,
      list: async () => ({ items: [summariseProfile(exampleProfile())], total: 1 }),
      profile: async () => exampleProfile(),
      compare: async (_, query) =>
        compareReleases(exampleProfile(), query, () => ({ from: '', to: '', changes: [], incomplete: [] })),
    },
    incidents: {
      ...NO_INCIDENTS,
      incident: async (id) => exampleIncident(id),
      containment: async () => ({ options: [], unavailable: [{ id: 'quarantine', reason: 'There is no cluster.' }] }),
    },
    sessions,
    progress,
    status,
    takeEvents: async (body) => ({ accepted: body.length, unknowns: [] }),
    readIfChanged: async () => true,
    consoleFolder: '/nowhere',
    version: '0.0.0',
  });
  const get = (path: string, headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` }) =>
    app.request(`http://127.0.0.1:7070${path}`, { headers });
  return { app, get, sessions, progress };
}

const ADDRESSES: Record<keyof typeof ROUTES, string | undefined> = {
  '/api/summary': '/api/summary',
  '/api/ranking': '/api/ranking',
  '/api/workloads': '/api/workloads?limit=1',
  '/api/workloads/{id}': `/api/workloads/${encodeURIComponent(CART)}`,
  '/api/images': '/api/images',
  '/api/images/{id}': undefined,
  '/api/findings': `/api/findings?workload=${encodeURIComponent(CART)}`,
  '/api/findings/{key}': `/api/findings/${encodeURIComponent(finding.key)}`,
  '/api/explain/{id}': '/api/explain/shop%2Fcart',
  '/api/fixes': '/api/fixes',
  '/api/fixes/{n}': undefined,
  '/api/unknowns': '/api/unknowns',
  '/api/policies': '/api/policies',
  '/api/questions': '/api/questions',
  '/api/map': '/api/map',
  '/api/registries': '/api/registries',
  '/api/registries/tags': '/api/registries/tags?only=unused&sort=age',
  '/api/registries/events': '/api/registries/events',
  '/api/registries/sprawl': '/api/registries/sprawl',
  '/api/clusters': '/api/clusters',
  '/api/admission': '/api/admission',
  '/api/admission/outlook': '/api/admission/outlook',
  '/api/profiles': '/api/profiles?subject=shop%2FDeployment%2Fcart',
  '/api/profiles/{subject}': '/api/profiles/shop%2FDeployment%2Fcart?container=cart',
  '/api/profiles/{subject}/releases': '/api/profiles/shop%2FDeployment%2Fcart/releases?from=cart-1&to=cart-2',
  '/api/incidents': '/api/incidents?status=open&severity=critical',
  '/api/incidents/{id}': '/api/incidents/I1',
  '/api/incidents/{id}/containment': '/api/incidents/I1/containment',
  '/api/status': '/api/status',
};

describe('the API', () => {
  it.each(Object.entries(ADDRESSES).filter(([, address]) => address))(
    '%s answers by its schema',
    async (route, address) => {
      const response = await start().get(address as string);
      expect(response.status).toBe(200);
      const schema = ROUTES[route as keyof typeof ROUTES] as z.ZodType;
      expect(schema.safeParse(await response.json()).error).toBeUndefined();
      expect(response.headers.get('cache-control')).toBe('no-store');
    },
  );

  it('describes every route of the model in its OpenAPI document', () => {
    const { paths } = openApiDocument('0.0.0') as { paths: object };
    expect(Object.keys(paths).sort()).toEqual(
      [
        ...Object.keys(ROUTES),
        ...Object.keys(ACTIONS),
        '/api/events',
        '/api/v1/events',
        '/api/read',
        '/api/registries/look',
        '/hooks/registries',
      ].sort(),
    );
  });

  it.each(['/api/images/sha256:none', '/api/fixes/99', '/api/workloads/none', '/api/nothing'])(
    '%s is a problem with status 404',
    async (path) => {
      const response = await start().get(path);
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.json()).toMatchObject({ status: 404, code: expect.any(String) });
    },
  );

  it('refuses a query out of bounds', async () => {
    expect((await start().get('/api/workloads?limit=100000')).status).toBe(400);
    expect((await start().get('/api/workloads?cursor=abc')).status).toBe(400);
  });
});

describe('signing in', () => {
  it('is needed for the API and not for the console', async () => {
    const { get } = start();
    expect((await get('/api/summary', {})).status).toBe(401);
    expect((await get('/api/summary', { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await get('/', {})).status).toBe(503);
  });

  it('takes a code once and answers with a cookie that scripts and other sites do not get', async () => {
    const { get, sessions } = start();
    const code = sessions.issueSignInCode();
    const response = await get(`/sign-in?code=${code}`, {});
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect((await get('/api/summary', { cookie: cookie.split(';')[0] as string })).status).toBe(200);
    const again = await get(`/sign-in?code=${code}`, {});
    expect(again.status).toBe(400);
    expect(again.headers.get('set-cookie')).toBeNull();
  });

  it('forgets codes after a quarter of an hour', () => {
    let now = 0;
    const sessions = openSessions(TOKEN, () => now);
    const code = sessions.issueSignInCode();
    now = 15 * 60_000 + 1;
    expect(sessions.redeem(code)).toBeUndefined();
  });
});

describe('every answer', () => {
  it('carries a strict content security policy', async () => {
    const policy = (await start().get('/')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|data:|\*/);
  });

  it('is refused to a name that is not this machine', async () => {
    const { app } = start();
    const response = await app.request('http://127.0.0.1:7070/healthz', { headers: { host: 'attacker.example' } });
    expect(response.status).toBe(421);
  });

  it('is an error of the asker for escapes that are no UTF-8', async () => {
    expect((await start().get('/%ff', {})).status).toBe(400);
  });

  it('does not leave the console folder', async () => {
    const response = await start().get('/..%2f..%2fetc%2fpasswd.json');
    expect(await response.text()).not.toContain('root:');
  });
});

describe('events', () => {
  const post = (body: string, headers: Record<string, string>) =>
    start().app.request('http://127.0.0.1:7070/api/events', { method: 'POST', body, headers });

  it('are taken from whoever has the token', async () => {
    const response = await post('{}', { authorization: `Bearer ${TOKEN}` });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ accepted: 2, unknowns: [] });
    expect((await post('{}', {})).status).toBe(401);
  });

  it('are refused beyond 8 MiB', async () => {
    expect((await post('x'.repeat(9 * 1024 * 1024), { authorization: `Bearer ${TOKEN}` })).status).toBe(413);
  });
});

describe('reading again', () => {
  it('is asked for by whoever has the token, and says whether anything changed', async () => {
    const ask = (headers: Record<string, string>) =>
      start().app.request('http://127.0.0.1:7070/api/read', { method: 'POST', headers });
    expect(await (await ask({ authorization: `Bearer ${TOKEN}` })).json()).toEqual({ changed: true });
    expect((await ask({})).status).toBe(401);
  });
});

describe('progress', () => {
  it('streams what is reported while it is listened to', async () => {
    const { get, progress } = start();
    const response = await get('/api/progress');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const read = async () => new TextDecoder().decode((await reader.read()).value);
    expect(await read()).toContain('"stage":"idle"');
    progress.report({ stage: 'scanning', done: 1, total: 2, subject: 'cart.tar', message: '' });
    expect(await read()).toContain('"sequence":1');
    await reader.cancel();
  });
});
