import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type AdmissionSettings,
  DEFAULT_SETTINGS,
  decisionLogPath,
  openDecisionLog,
  readDecisions,
} from '@breakwater/app/admission';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AdmissionServer, type AdmissionServerOptions, listenForReviews } from './admission-server.ts';
import { issueCertificate } from './certificates/issue-certificate.ts';
import { keepInFolder } from './certificates/keep-in-folder.ts';
import { ownCertificates, type ServingCertificate } from './certificates/serving-certificates.ts';
import { type Judges, type JudgesOptions, openJudges } from './judges/judges.ts';

const POLICY = `apiVersion: breakwater/v1
kind: Policy
metadata: { name: no-privileged }
spec:
  title: t
  why: w
  fix: f
  severity: high
  phases: [deploy]
  match: { kinds: [Pod] }
  require: [{ each: containers, expr: "!c.privileged", message: "c.name + ' is privileged'" }]
  enforcement: { deploy: block }
`;

let state: string;
let policies: string;
let server: AdmissionServer | undefined;
let serving: ServingCertificate;
let judges: Judges | undefined;
let reports: string[];
const agents: Agent[] = [];

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'breakwater-admission-'));
  policies = join(state, 'policies.yaml');
  writeFileSync(policies, POLICY);
  reports = [];
});
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  await server?.close();
  await judges?.close();
  [server, judges] = [undefined, undefined];
  rmSync(state, { recursive: true });
});

async function start(
  change: Partial<AdmissionServerOptions> = {},
  settings: Partial<AdmissionSettings> = {},
  judging: Partial<JudgesOptions> = {},
): Promise<AdmissionServer> {
  const report = (message: string) => void reports.push(message);
  const chosen = { ...DEFAULT_SETTINGS, ...settings };
  judges = await openJudges({ sources: { state, policies: [policies] }, settings: chosen, report, ...judging });
  server = await listenForReviews({
    host: '127.0.0.1',
    port: 0,
    judges,
    settings: chosen,
    certificates: ownCertificates(keepInFolder(join(state, 'tls')), ['127.0.0.1'], report),
    decisions: openDecisionLog(decisionLogPath(state), report),
    report,
    onCertificate: (newest) => {
      serving = newest;
    },
    ...change,
  });
  return server;
}

const pod = (privileged: boolean, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { containers: [{ name: 'web', image: 'nginx:1', securityContext: { privileged } }], ...more },
});

const review = (object: object, more: object = {}): string =>
  JSON.stringify({
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: '12-ab',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      namespace: 'shop',
      operation: 'CREATE',
      userInfo: { username: 'alice', groups: [] },
      object,
      ...more,
    },
  });

interface Answer {
  status: number;
  body: string;
  reused: boolean;
}

function ask(path: string, body?: string | Buffer, options: object = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const address = { host: '127.0.0.1', port: server!.port, path, method, ca: serving.bundle, ...options };
    const sent = request(address, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString(), reused: sent.reusedSocket }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const admitted = async (body: string, options?: object) =>
  JSON.parse((await ask('/admit?timeout=3s', body, options)).body).response;

describe('the listener', () => {
  it('answers reviews over TLS, and keeps what it refused', async () => {
    await start();
    expect(await admitted(review(pod(false)))).toMatchObject({ uid: '12-ab', allowed: true });
    const denied = await admitted(review(pod(true)));
    expect(denied).toMatchObject({ allowed: false, status: { code: 403, reason: 'Forbidden' } });
    expect(denied.status.message).toMatch(/^no-privileged: web is privileged http/);
    await server!.close();
    expect(await readDecisions(decisionLogPath(state))).toMatchObject([
      { outcome: 'denied', uid: '12-ab', kind: 'Pod' },
    ]);
  });

  it('answers what is no review with its fault, and nothing else', async () => {
    await start();
    for (const body of ['', '{', '[]', '{"kind":"AdmissionReview"}', review([] as object), `${'['.repeat(200_000)}`]) {
      const { status } = await ask('/admit', body);
      expect([200, 400]).toContain(status);
    }
    expect((await ask('/other')).status).toBe(404);
    expect((await ask('/admit')).status).toBe(404);
    const otherVersion = review(pod(false)).replace('admission.k8s.io/v1', 'admission.k8s.io/v1beta1');
    expect(await admitted(otherVersion)).toMatchObject({ uid: '12-ab', allowed: true, warnings: [expect.anything()] });
  });

  it('judges objects of 3 MiB, apart from the small ones, and refuses larger reviews than an API server sends', async () => {
    await start();
    const large = review(pod(true, { note: 'x'.repeat(3 * 1024 * 1024) }));
    // Right after the start too, when their thread is not there yet.
    expect((await admitted(large)).allowed).toBe(false);
    await judges!.whole;
    expect((await admitted(large)).allowed).toBe(false);
    expect((await ask('/admit', Buffer.alloc(9 * 1024 * 1024, 0x20)).catch(() => ({ status: 413 }))).status).toBe(413);
    expect((await admitted(review(pod(false)))).allowed).toBe(true);
  });

  it('answers in time and by choice where a review takes too long, and goes on', async () => {
    // Loops in loops, each of which goes on until it costs too much: together for longer than the review takes to come in.
    const loop = 'object.spec.list.exists(a, object.spec.list.exists(b, a + b < 0))';
    const slowly = POLICY.replace(/require: .*/, `forbid: [{ expr: "${loop}", message: "'m'" }]`);
    const many = Array.from({ length: 10 }, (_, index) => slowly.replace('no-privileged', `slow-${index}`));
    writeFileSync(policies, [POLICY, ...many].join('---\n'));
    const slow = review(pod(true, { list: Array.from({ length: 4_000 }, (_, index) => index) }));
    await start({ limits: { deadline: 25 } }, { failure: 'fail' });
    await judges!.whole;
    // A machine under load may take that long for its first bytes: then there is no request yet that could be named.
    const answer = await vi.waitFor(() => admitted(slow), 30_000);
    expect(answer).toMatchObject({ uid: '12-ab', allowed: false, status: { code: 503 } });
    expect(answer.status.message).toMatch(/could not judge this request: it took too long/);
    // A machine under load may take ten milliseconds for a small one too, now and then.
    await vi.waitFor(async () => expect((await admitted(review(pod(true)))).status.code).toBe(403), 30_000);
  });

  it('turns away what is too much at once with a reason, and answers the rest', async () => {
    await start({ limits: { pending: 4 } }, {}, { large: 1 });
    await judges!.whole;
    const large = review(pod(true, { note: 'x'.repeat(1024 * 1024) }));
    const answers = await Promise.all(Array.from({ length: 40 }, () => admitted(large)));
    const turned = answers.filter(({ allowed }) => allowed);
    expect(turned.length).toBeGreaterThan(0);
    expect(turned.length).toBeLessThan(40);
    for (const { warnings } of turned) expect(warnings[0]).toContain('too many requests at once');
    expect((await admitted(review(pod(true)))).allowed).toBe(false);
    expect((await ask('/metrics')).body).toMatch(/unjudged_total\{why="too many requests at once"\} \d/);
  });

  it('does not wait for those who send nothing', async () => {
    await start({ limits: { deadline: 200 } });
    const { port } = server!;
    const status = await new Promise((resolve) => {
      const options = { host: '127.0.0.1', port, path: '/admit', method: 'POST', ca: serving.bundle };
      const sent = request({ ...options, headers: { 'Content-Length': 100 } }, (answer) => resolve(answer.statusCode));
      sent.on('error', () => {});
      sent.write('{');
    });
    expect(status).toBe(503);
  });

  it('takes up policies that change, and keeps what was in force where the new ones are at fault', async () => {
    await start();
    writeFileSync(policies, POLICY.replace('deploy: block', 'deploy: warn'));
    expect(await judges!.look()).toBe(true);
    expect((await admitted(review(pod(true)))).allowed).toBe(true);
    mkdirSync(join(state, 'admission'), { recursive: true });
    writeFileSync(join(state, 'admission', 'snapshot.json'), 'damaged');
    expect(await judges!.look()).toBe(false);
    expect(reports.join()).toContain('What was in force stays in force');
    expect(await admitted(review(pod(true)))).toMatchObject({
      allowed: true,
      warnings: expect.arrayContaining(['no-privileged: web is privileged']),
    });
    const health = JSON.parse((await ask('/healthz')).body);
    expect(health).toMatchObject({ status: 'degraded', troubles: [expect.stringContaining('snapshot')] });
  });

  it('asks nobody it does not trust, where the API server has to prove itself', async () => {
    const life = { from: new Date(Date.now() - 60_000), until: new Date(Date.now() + 60_000) };
    const authority = issueCertificate({ name: 'clients', ...life });
    const client = issueCertificate({ name: 'kube-apiserver', ...life, authority });
    const other = issueCertificate({ name: 'kubelet', ...life, authority });
    await start({ clients: { authority: authority.certificate, name: 'kube-apiserver' } });
    const as = (by?: { certificate: string; key: string }) =>
      ask('/admit', review(pod(false)), { cert: by?.certificate, key: by?.key, agent: false }).then(
        ({ status }) => status,
      );
    expect(await as(client)).toBe(200);
    expect([await as(), await as(other)]).toEqual([403, 403]);
    expect((await ask('/readyz', undefined, { agent: false })).status).toBe(200);
  });
});

describe('the certificate', () => {
  it('is renewed while requests run, on connections that stay open', async () => {
    let clock = Date.now() - 6.5 * 86_400_000;
    const own = ownCertificates(keepInFolder(join(state, 'tls')), ['127.0.0.1'], (message) => reports.push(message), {
      authority: 365,
      server: 9,
      settling: 1,
    });
    await start({ certificates: () => own(new Date(clock)) });
    const first = serving;
    const agent = new Agent({ keepAlive: true, maxSockets: 4, ca: first.bundle });
    agents.push(agent);
    let running = true;
    const answers: Promise<Answer[]>[] = Array.from({ length: 4 }, async () => {
      const own: Answer[] = [];
      while (running) own.push(await ask('/admit', review(pod(true)), { agent }));
      return own;
    });
    await wait(100);
    clock = Date.now();
    await server!.renew();
    expect(serving.certificate).not.toBe(first.certificate);
    await wait(100);
    running = false;
    const all = (await Promise.all(answers)).flat();
    expect(all.every(({ status }) => status === 200)).toBe(true);
    expect(all.filter(({ reused }) => !reused)).toHaveLength(4);
    expect((await ask('/readyz', undefined, { agent: false, ca: first.bundle })).status).toBe(200);
    expect(readFileSync(join(state, 'tls', 'ca.crt'), 'utf8')).toBe(serving.bundle);
  });

  it('is the same after a restart', async () => {
    await start();
    const { certificate } = serving;
    await server!.close();
    await judges!.close();
    await start();
    expect(serving.certificate).toBe(certificate);
  });
});
