import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AdmissionView, QuestionSheet } from '@breakwater/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assessPaths } from '../estate/assess-paths.ts';
import { answerQuestions } from './answer-questions.ts';
import { keepJudged } from './judged-estate.ts';
import { QUESTIONS } from './questions.ts';

const NOW = '2027-01-10T12:00:00Z';
const NO_ADMISSION: AdmissionView = { decisions: [] };

const deployment = (name: string, pod = '') => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: c, image: 'registry.example/${name}:1'${pod} }] }
`;

const FRONT = `apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { type: LoadBalancer, selector: { app: web }, ports: [{ port: 80 }] }
`;

const CLOSED = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: shop }
spec: { podSelector: { matchLabels: { app: db } }, policyTypes: [Egress] }
`;

const ADMINISTRATORS = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: ops }
subjects: [{ kind: Group, name: developers, apiGroup: rbac.authorization.k8s.io }]
roleRef: { kind: ClusterRole, name: cluster-admin, apiGroup: rbac.authorization.k8s.io }
`;

const WEBHOOK = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: breakwater }
webhooks:
  - name: admission.breakwater.dev
    failurePolicy: Ignore
    rules: [{ operations: [CREATE], apiGroups: ['*'], apiVersions: ['*'], resources: [pods, deployments] }]
`;

const BLOCKING = `apiVersion: breakwater/v1
kind: Setting
metadata: { name: block }
spec: { policies: [no-privileged-containers], enforcement: { deploy: block } }
`;

/** What Tetragon writes when a program starts in the pod of a deployment. */
const started = (name: string, time: string) =>
  JSON.stringify({
    process_exec: {
      process: {
        exec_id: 'a',
        pid: 1,
        binary: '/app/server',
        start_time: time,
        pod: {
          namespace: 'shop',
          name: `${name}-7c9d5b8f4d-x2x7k`,
          container: { id: 'containerd://5f1d', name: 'c', image: { id: '', name: `registry.example/${name}:1` } },
          pod_labels: { app: name },
          workload: name,
          workload_kind: 'Deployment',
        },
      },
    },
    node_name: 'node-1',
    time,
  });

describe('the sheet of questions', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-questions-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Judges documents as they stand in files and asks every question. */
  async function ask(documents: string[], policies: string[] = [], events = ''): Promise<QuestionSheet['items']> {
    if (events !== '') writeFileSync(join(folder, 'events.jsonl'), `${events}\n`);
    writeFileSync(join(folder, 'estate.yaml'), documents.join('---\n'));
    writeFileSync(join(folder, 'settings.yaml'), policies.join('---\n'));
    const kept = keepJudged();
    const assessment = await assessPaths(
      [join(folder, 'estate.yaml'), ...(events === '' ? [] : [join(folder, 'events.jsonl')])],
      {
        state: join(folder, 'state'),
        now: NOW,
        policies: policies.length > 0 ? [join(folder, 'settings.yaml')] : [],
        onGathered: kept.onGathered,
      },
    );
    const sheet = answerQuestions(kept.judged(assessment), NO_ADMISSION);
    return QuestionSheet.parse(sheet).items;
  }

  const answerTo = (items: QuestionSheet['items'], id: string) => {
    const found = items.find((item) => item.id === id);
    if (!found) throw new Error(`nobody asks ${id}`);
    return found;
  };

  it('answers every question of an empty estate without a number that is none', async () => {
    const items = await ask([FRONT]);
    expect(items.map(({ n, id }) => [n, id])).toEqual(QUESTIONS.map(({ id }, index) => [index + 1, id]));
    for (const { sentence } of items) expect(sentence).toMatch(/^[^\s].*[.]$/);
    expect(items.map(({ sentence }) => sentence).join(' ')).not.toMatch(/NaN|undefined|null|\b1 workloads/);
  });

  it('does not know what a credential opens where no role is given, and says what to give', async () => {
    const answer = answerTo(await ask([deployment('web')]), 'leaked-credentials');
    expect(answer).toMatchObject({ known: 'nothing', number: { value: null } });
    expect(answer.gaps[0]?.hint).toContain('--cluster');
  });

  it('names the credential that opens most, and everything that falls with it', async () => {
    const answer = answerTo(await ask([deployment('web'), deployment('db'), ADMINISTRATORS]), 'leaked-credentials');
    expect(answer.number).toMatchObject({ value: 2, of: 2 });
    expect(answer.sentence).toContain('a member of group developers');
    expect(answer.evidence[0]?.places[0]?.source).toContain('estate.yaml');
  });

  it('would not know of malicious code without events', async () => {
    const answer = answerTo(await ask([deployment('web')]), 'malicious-code');
    expect(answer.number).toMatchObject({ value: 0, of: 1 });
    expect(answer.sentence).toBe('We would not know: no source of runtime events was given.');
    expect(answer.gaps[0]?.hint).toContain('events.jsonl');
  });

  it('knows what runs where events come from, and since when nobody has looked', async () => {
    const estate = [deployment('web'), deployment('db')];
    const fresh = await ask(estate, [], started('web', '2027-01-10T11:00:00Z'));
    expect(answerTo(fresh, 'malicious-code')).toMatchObject({ known: 'part', number: { value: 1, of: 2 } });
    expect(answerTo(fresh, 'malicious-code').sentence).toMatch(/^In 1 workload: what runs there is seen by tetragon/);
    expect(answerTo(fresh, 'what-runs').number).toMatchObject({ value: 1, of: 2 });
    const old = await ask(estate, [], started('web', '2027-01-02T11:00:00Z'));
    expect(answerTo(old, 'malicious-code').sentence).toBe(
      'Not since 8 days ago, when the last event came; until then 1 workload was watched.',
    );
  });

  it('counts ways to the Internet in both directions, with what opens each', async () => {
    const answer = answerTo(await ask([deployment('web'), deployment('db'), FRONT, CLOSED]), 'ways-to-the-internet');
    expect(answer.number).toEqual({ value: 2, words: 'ways, 1 out and 1 in' });
    expect(answer.evidence.map(({ sentence }) => sentence)).toEqual([
      'shop/web may reach any address on every port: no policy restricts what leaves.',
      'The Internet reaches shop/web through load balancer web.',
    ]);
  });

  it('counts those that fail a policy, and names the policy', async () => {
    const answer = answerTo(
      await ask([deployment('web', ', securityContext: { privileged: true }'), deployment('db')]),
      'out-of-compliance',
    );
    const privileged = answer.evidence.find(({ about }) => about?.id === 'no-privileged-containers');
    expect(privileged).toMatchObject({ command: 'breakwater explain no-privileged-containers' });
    expect(privileged?.sentence).toBe('no-privileged-containers (critical) fails for shop/web.');
    expect(answer.parts.reduce((sum, { count }) => sum + count, 0)).toBe(answer.number.value);
  });

  it('stops nothing where nobody stands in front of the API server, and says what would be refused', async () => {
    const bad = deployment('web', ', securityContext: { privileged: true }');
    const without = answerTo(await ask([bad], [BLOCKING]), 'refusal');
    expect(without.number).toMatchObject({ value: 0, of: 1 });
    expect(without.sentence).toContain('would refuse 1 of 1 noncompliant workload');
    const guarded = answerTo(await ask([bad, WEBHOOK], [BLOCKING]), 'refusal');
    expect(guarded.number).toMatchObject({ value: 1, of: 1 });
    expect(guarded.sentence).toMatch(/^Yes, 1 of 1/);
  });

  it('tells enforcement by automation from what somebody has to act on, by layer', async () => {
    const answer = answerTo(await ask([deployment('web'), CLOSED, WEBHOOK], [BLOCKING]), 'enforcement-layers');
    const parts = Object.fromEntries(answer.parts.map(({ label, count }) => [label, count]));
    expect(parts).toMatchObject({ 'the network plug-in': 1, 'Breakwater’s webhook': 1, 'the build gate': 1 });
    expect(answer.parts.reduce((sum, { count }) => sum + count, 0)).toBe(answer.number.of);
  });

  it('lists where policies stand: ours, those of files, and those among the objects', async () => {
    const answer = answerTo(await ask([deployment('web'), CLOSED]), 'policy-places');
    expect(answer.parts.map(({ label }) => label)).toEqual(['of Breakwater’s own', 'NetworkPolicy among the objects']);
    expect(answer.parts.reduce((sum, { count }) => sum + count, 0)).toBe(answer.number.value);
  });

  it('knows of nothing that runs without a cluster and events', async () => {
    const answer = answerTo(await ask([deployment('web')]), 'what-runs');
    expect(answer).toMatchObject({ known: 'nothing', number: { value: null, of: 1 } });
  });
});
