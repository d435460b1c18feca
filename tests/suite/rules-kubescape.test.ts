import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInPolicies } from '@breakwater/sources/policies';
import { afterEach, describe, expect, it } from 'vitest';
import { readMapping } from './rules-kubescape/mapping.ts';
import { rulesKubescapeSuite } from './rules-kubescape.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'shared', 'suites', 'rules-kubescape');
const MISSING = !existsSync(join(FOLDER, 'cases.jsonl'));

interface Said {
  verdict: string;
  objects: { kind: string; name: string }[];
}

/** What is answered to a rule about objects: the verdict, and the objects as `Kind/name`. */
async function answer(rule: string, inputs: object[], more: object = {}): Promise<[string, ...string[]]> {
  const said = await rulesKubescapeSuite.answer({ rule, inputs, ...more }, FOLDER);
  if (!('answer' in said)) return [`unsupported: ${said.unsupported}`];
  const { verdict, objects } = said.answer as Said;
  return [verdict, ...objects.map(({ kind, name }) => `${kind}/${name}`)];
}

const pod = (name: string, spec: object = {}, container: object = {}): object => ({
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'a', image: 'nginx', ...container }], ...spec },
});

describe('the counterparts of Kubescape rules', () => {
  const ours = new Map(builtInPolicies().policies.map(({ policy }) => [policy.metadata.name, policy]));

  it('are policies of ours, with parameters that they have', () => {
    const faults: string[] = [];
    for (const [rule, { policies, params, settings, clusterData }] of readMapping()) {
      for (const name of policies.filter((name) => !ours.has(name))) faults.push(`${rule}: no policy ${name}`);
      const known = new Set(policies.flatMap((name) => Object.keys(ours.get(name)?.spec.params ?? {})));
      const targets = Object.values(settings).map((target) => (typeof target === 'string' ? target : target.param));
      for (const [name, values] of Object.entries(params)) {
        if (!policies.includes(name)) faults.push(`${rule}: ${name} is not among its policies`);
        targets.push(...Object.keys(values));
      }
      targets.push(...Object.values(clusterData));
      for (const param of targets.filter((param) => !known.has(param))) faults.push(`${rule}: no parameter ${param}`);
    }
    expect(faults).toEqual([]);
  });

  it('report what fails, and nothing where no policy has anything against it', async () => {
    const inputs = [pod('bad', { hostPID: true }), pod('good')];
    expect(await answer('host-pid-privileges', inputs)).toEqual(['fail', 'Pod/bad']);
    expect(await answer('host-ipc-privileges', inputs)).toEqual(['pass']);
  });

  it('are set as the rule is: user lists replace ours, and one that is not given is empty', async () => {
    const inputs = [pod('short', {}, { image: 'nginx:1.25' }), pod('own', {}, { image: 'registry.example/a:1' })];
    const rule = 'rule-identify-blocklisted-image-registries';
    expect(await answer(rule, inputs)).toEqual(['pass']);
    expect(await answer(rule, inputs, { settings: { publicRegistries: ['docker.io'] } })).toEqual([
      'fail',
      'Pod/short',
    ]);
    const secret = [pod('s', {}, { env: [{ name: 'PASSWORD', value: 'hunter2' }] })];
    expect(await answer('rule-credentials-in-env-var', secret)).toEqual(['fail', 'Pod/s']);
    expect(await answer('rule-credentials-in-env-var', secret, { settings: { sensitiveValues: ['x1'] } })).toEqual([
      'pass',
    ]);
  });

  it('know what is said about the cluster', async () => {
    const inputs = [pod('p', { volumes: [{ name: 'v', hostPath: { path: '/.aws/' } }] })];
    const rule = 'alert-mount-potential-credentials-paths';
    expect(await answer(rule, inputs)).toEqual(['pass']);
    expect(await answer(rule, inputs, { cluster_data: { cloudProvider: 'eks' } })).toEqual(['fail', 'Pod/p']);
  });

  it('see the objects beside each other', async () => {
    const mounts = { volumeMounts: [{ name: 'v', mountPath: '/v', subPath: 'a' }] };
    const node = (version: string): object => ({
      kind: 'Node',
      metadata: { name: 'n' },
      status: { nodeInfo: { kubeletVersion: version } },
    });
    expect(await answer('CVE-2021-25741', [pod('p', {}, mounts), node('v1.21.1')])).toEqual(['fail', 'Pod/p']);
    expect(await answer('CVE-2021-25741', [pod('p', {}, mounts), node('v1.30.1')])).toEqual(['pass']);
  });

  it('report only what all share where the rule does', async () => {
    const policy = (name: string, hostPID: boolean): object => ({
      kind: 'PodSecurityPolicy',
      metadata: { name },
      spec: { hostPID },
    });
    expect(await answer('psp-deny-hostpid', [policy('a', true)])).toEqual(['fail', 'PodSecurityPolicy/a']);
    expect(await answer('psp-deny-hostpid', [policy('a', true), policy('b', false)])).toEqual(['pass']);
  });

  it('are never a guess: a rule that has none, and objects that cannot be judged, are not answered', async () => {
    expect(await answer('no-such-rule', [])).toEqual(['unsupported: no policy is the counterpart of no-such-rule']);
    const broken = { kind: 'Pod', metadata: { name: 'p' }, spec: { containers: 'none' } };
    expect((await answer('configured-liveness-probe', [broken]))[0]).toMatch(/^unsupported: undecided: liveness-probe/);
  });
});

describe('readMapping', () => {
  let folder: string | undefined;
  afterEach(() => folder !== undefined && rmSync(folder, { recursive: true }));

  const read = (files: Record<string, string>): ReturnType<typeof readMapping> => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-mapping-'));
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return readMapping(folder);
  };

  it('takes a list of policies, or what more there is to say', () => {
    const mapping = read({ 'a.yaml': 'one: [p]\ntwo: { policies: [q], kinds: [Pod] }\n', 'b.yaml': 'three: [r]\n' });
    expect([...mapping.keys()]).toEqual(['one', 'two', 'three']);
    expect(mapping.get('two')).toMatchObject({ policies: ['q'], kinds: ['Pod'], unanimous: false });
  });

  it.each([
    ['a rule in two files', { 'a.yaml': 'one: [p]\n', 'b.yaml': 'one: [q]\n' }, /one is mapped twice/],
    ['a field that there is not', { 'a.yaml': 'one: { policies: [p], kind: Pod }\n' }, /kind/],
    ['no policy', { 'a.yaml': 'one: []\n' }, /one/],
  ])('refuses %s', (_, files, message) => {
    expect(() => read(files)).toThrow(message);
  });
});

describe.skipIf(MISSING)('conformance: the suite `rules-kubescape` (skipped where ../shared/suites is absent)', () => {
  it('reports the same objects as the rules, in at least 95 of 100 cases', async () => {
    const lines = readFileSync(join(FOLDER, 'cases.jsonl'), 'utf8').trim().split('\n');
    const wrong: string[] = [];
    for (const line of lines) {
      const { id, rule, inputs, settings, cluster_data, verdict, expected } = JSON.parse(line);
      const said = await answer(rule, inputs, { settings, cluster_data });
      type Blamed = { kind: string; name: string; related?: Blamed[] };
      const blamed: string[][] = expected.flatMap(({ objects }: { objects: Blamed[] }) =>
        objects.map((object) => [object, ...(object.related ?? [])].map(({ kind, name }) => `${kind}/${name}`)),
      );
      const [got, ...objects] = said;
      const right = blamed.every((names) => names.some((name) => objects.includes(name)));
      if (got !== verdict || !right || !objects.every((name) => blamed.flat().includes(name)))
        wrong.push(`${id}: ${said}`);
    }
    expect(lines.length).toBeGreaterThan(0);
    expect(wrong.length / lines.length, wrong.join('\n')).toBeLessThan(0.05);
  });
});
