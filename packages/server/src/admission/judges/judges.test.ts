import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  admissionView,
  askedKey,
  DEFAULT_SETTINGS,
  type Snapshot,
  snapshotPath,
  writeSnapshot,
} from '@breakwater/app/admission';
import type { JsonObject } from '@breakwater/model';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Judges, type JudgesOptions, openJudges } from './judges.ts';
import type { JudgedReview } from './messages.ts';

const policy = (name: string, expr: string, match = '{ kinds: [Pod] }') => `apiVersion: breakwater/v1
kind: Policy
metadata: { name: ${name} }
spec:
  title: t
  why: w
  fix: f
  severity: high
  phases: [deploy]
  match: ${match}
  require: [{ expr: "${expr}", message: "'no'" }]
  enforcement: { deploy: block }
`;
const SHORT = policy('short', 'object.metadata.name.size() < 5');

let state: string;
let policies: string;
let reports: string[];
let judges: Judges | undefined;

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'breakwater-judges-'));
  policies = join(state, 'policies');
  mkdirSync(policies);
  write('short', SHORT);
  reports = [];
});
afterEach(async () => {
  await judges?.close();
  rmSync(state, { recursive: true, force: true });
});

const write = (name: string, text: string): void => writeFileSync(join(policies, `${name}.yaml`), text);

async function start(more: Partial<JudgesOptions> = {}): Promise<Judges> {
  judges = await openJudges({
    sources: { state, policies: [policies] },
    settings: DEFAULT_SETTINGS,
    report: (message) => void reports.push(message),
    ...more,
  });
  return judges;
}

function review(name: string, more: JsonObject = {}, note = ''): Buffer {
  const metadata = { name, namespace: 'shop', annotations: { note } };
  const request = {
    uid: 'u',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    ...{ name, namespace: 'shop', operation: 'CREATE', userInfo: { username: 'alice', groups: [] } },
    object: { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'web', image: 'nginx:1' }] } },
    ...more,
  };
  return Buffer.from(JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request }));
}

async function allows(body: Buffer): Promise<boolean> {
  const found = (await judges!.judge(body)!.found) as JudgedReview;
  return JSON.parse(found.review).response.allowed;
}

describe('what is in force while it is served', () => {
  it('stays as it was where a file is at fault, which is told with its line', async () => {
    write('runner', exceptionFor('short', 'runner'));
    write('enforce', setting('short', 'block'));
    await start();
    expect([await allows(review('web')), await allows(review('runner')), await allows(review('longer'))]).toEqual([
      true,
      true,
      false,
    ]);
    write('short', SHORT.replace('size()', 'size('));
    write('runner', exceptionFor('short', 'runner').replace('expires: 2099-01-31', 'expires: never'));
    write('enforce', setting('short', 'audt'));
    expect(await judges!.look()).toBe(true);
    expect([await allows(review('runner')), await allows(review('longer'))]).toEqual([true, false]);
    const told = reports.join('\n');
    expect(told).toMatch(/short\.yaml:11:\d+: policy short: .*What it held when it was last good stays in force\./);
    expect(told).toMatch(/runner\.yaml:\d+:\d+: exception runner: spec\.expires .*stays in force/);
    expect(told).toMatch(/enforce\.yaml:\d+:\d+: setting enforce: .*stays in force/);
    expect(judges!.current().unknowns).toHaveLength(3);
    // The view reads what is written down beside the answering.
    const faults = expect.arrayContaining([expect.stringMatching(/short\.yaml:11/)]);
    await vi.waitFor(async () => expect((await admissionView(state)).faults).toEqual(faults), 10_000);
  });

  it('stays so after a restart, and gives way to what is mended or taken away', async () => {
    await start();
    write('short', SHORT.replace('size()', 'size('));
    await judges!.look();
    await judges!.close();
    await start();
    expect(await allows(review('longer'))).toBe(false);
    write('short', SHORT.replace('< 5', '< 9'));
    await judges!.look();
    expect([await allows(review('longer')), await allows(review('much-longer'))]).toEqual([true, false]);
    expect(reports.at(-1)).toBe('Policies, exceptions and settings are without a fault again.');
    rmSync(join(policies, 'short.yaml'));
    await judges!.look();
    expect(await allows(review('much-longer'))).toBe(true);
  });

  it('takes what is good of other files, whatever is at fault in one', async () => {
    await start();
    write('short', 'kind: [');
    write('other', policy('other', "!object.metadata.name.startsWith('x')"));
    await judges!.look();
    expect([await allows(review('x')), await allows(review('longer')), await allows(review('web'))]).toEqual([
      false,
      false,
      true,
    ]);
  });
});

describe('threads that judge', () => {
  it('go on answering while a large snapshot is taken up', async () => {
    await start();
    await judges!.whole;
    await writeSnapshot(snapshotPath(state), largeSnapshot());
    const looking = judges!.look();
    let answered = 0;
    let slowest = 0;
    let isLooking = true;
    void looking.finally(() => {
      isLooking = false;
    });
    while (isLooking) {
      const started = performance.now();
      expect(await allows(review('longer'))).toBe(false);
      slowest = Math.max(slowest, performance.now() - started);
      answered++;
    }
    expect(await looking).toBe(true);
    expect(judges!.current().cluster).toBe('large');
    // It takes a thread some hundred milliseconds on a machine with nothing else to do: nobody waited for that.
    expect(answered).toBeGreaterThan(20);
  });

  it('reject the one large review that is too much for them, and answer those behind it', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    onTestFinished(() => void vi.restoreAllMocks());
    await start({ memory: 96 });
    await judges!.whole;
    const poison = Buffer.from(`{"a":[${'{},'.repeat(4_000_000)}{}]}`);
    const broken = judges!.judge(poison)!.found;
    const behind = [1, 2, 3].map(() => allows(review('longer', {}, 'x'.repeat(100_000))));
    await expect(broken).rejects.toThrow(/broke down|took too long/);
    expect(await Promise.all(behind)).toEqual([false, false, false]);
    expect(await allows(review('web'))).toBe(true);
  });

  it('refuse an update that is nested deeper than can be compared, and go on', async () => {
    await start({ threads: 1 });
    const deep = `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`;
    const nested = review('longer').toString().replace('"spec":{', `"spec":{"deep":${deep},`);
    const object = nested.slice(nested.indexOf('"object":') + '"object":'.length, -2);
    const update = nested
      .replace('"operation":"CREATE"', '"operation":"UPDATE"')
      .replace('"object":', `"oldObject":${object},"object":`);
    expect(await allows(Buffer.from(update))).toBe(false);
    expect(await allows(review('web'))).toBe(true);
  });

  it('ask for the pod that is there now, not the one that the snapshot knew by its name', async () => {
    const pod = (image: string): JsonObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { containers: [{ name: 'web', image }] },
    });
    const match = '{ kinds: [PodExecOptions], operations: [CONNECT] }';
    write('enter', policy('enter', "containers.all(c, c.image != 'database:1')", match));
    await writeSnapshot(snapshotPath(state), { ...largeSnapshot(), objects: [pod('nginx:1')] });
    const exec = review('web', {
      operation: 'CONNECT',
      subResource: 'exec',
      kind: { group: '', version: 'v1', kind: 'PodExecOptions' },
      object: { apiVersion: 'v1', kind: 'PodExecOptions', command: ['sh'] },
    });
    await start();
    expect(await allows(exec)).toBe(true);
    await judges!.close();
    let there: JsonObject | null | undefined = pod('database:1');
    await start({
      lookUp: async (asked) => {
        const objects = asked.flatMap((question) =>
          question.what === 'object' && there !== undefined ? [[askedKey(question), there] as const] : [],
        );
        return { permissions: new Map(), objects: new Map(objects) };
      },
    });
    expect(await allows(exec)).toBe(false);
    // Where the API server does not answer, the snapshot is what there is.
    there = undefined;
    expect(await allows(exec)).toBe(true);
  });

  it('refuse what has to be refused though the API server never answers what else was asked', async () => {
    const asks = "namespaceObject.metadata.labels.stage != 'x'";
    write('asks', policy('asks', asks).replace('deploy: block', 'deploy: warn'));
    await start({ lookUp: () => new Promise(() => {}) });
    expect(await allows(review('far-too-long'))).toBe(false);
    expect(await allows(review('web'))).toBe(true);
  });
});

const exceptionFor = (name: string, workload: string): string => `apiVersion: breakwater/v1
kind: Exception
metadata: { name: ${workload} }
spec:
  policies: [${name}]
  scope: { workloads: [${workload}] }
  owner: team
  reason: because
  expires: 2099-01-31
  compensating: a watch is kept
`;

const setting = (name: string, enforcement: string): string => `apiVersion: breakwater/v1
kind: Setting
metadata: { name: enforce }
spec:
  policies: [${name}]
  enforcement: { deploy: ${enforcement} }
`;

function largeSnapshot(): Snapshot {
  const objects = Array.from({ length: 20_000 }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `map-${index}`, namespace: `ns-${index % 50}`, labels: { app: 'x' } },
    data: { text: 'x'.repeat(500) },
  }));
  return {
    format: 1,
    time: new Date().toISOString(),
    cluster: 'large',
    ...{ policies: [], foreign: [], exceptions: [], settings: [], faults: [], packs: [] },
    kubernetesVersion: 'latest',
    ...{ objects, complete: true, unread: [], images: [], exposures: {} },
  };
}
