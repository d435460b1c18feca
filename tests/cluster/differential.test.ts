import { type CompiledPolicy, KUBERNETES_CONTROLLERS, loadPolicies } from '@breakwater/engine/policy';
import type { JsonObject } from '@breakwater/model';
import { builtInPoliciesWithCases } from '@breakwater/sources/policies';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_CLUSTER, onCluster } from './control-plane.ts';
import { Api, forEachOf } from './differential/api.ts';
import { complete, mutated, objectsOfCases } from './differential/case-objects.ts';
import { type Disagreement, disagreements, judge } from './differential/compare.ts';
import { FEATURE_EXCEPTIONS, featurePolicies } from './differential/feature-policies.ts';
import { InstalledPolicies } from './differential/installed-policies.ts';
import { workload } from './differential/workloads.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

/** Objects that are sent; as many as CI has a minute for where nothing else is asked for. */
const OBJECTS = Number(process.env['DIFFERENTIAL_OBJECTS'] ?? 75);
const SEED = Number(process.env['DIFFERENTIAL_SEED'] ?? 20_261_122);
const TODAY = '2026-11-22';
const NAMESPACES = ['default', 'alpha', 'beta'];
/** Who asks: some requests are those of controllers, whose word about owners counts. */
const USERS = ['admin', 'admin', ...KUBERNETES_CONTROLLERS.slice(0, 2)];

/**
 * The same objects are judged by compiled policies in a real API server and by our evaluator: verdicts and sentences must
 * agree. The server fills in defaults before it admits, so ours is given the object as the dry run gives it back.
 */
describe.skipIf(NO_CLUSTER !== '')(onCluster('compiled policies in an API server'), () => {
  let cluster: Cluster;
  let api: Api;
  let installed: InstalledPolicies;
  const namespaces = new Map<string, JsonObject>();

  beforeAll(async () => {
    cluster = await startCluster();
    api = await Api.open(cluster.kubeconfig);
    for (const [name, stage] of Object.entries({ alpha: 'live', beta: 'test' })) {
      await api.create({ kind: 'Namespace', metadata: { name, labels: { stage } } });
    }
    for (const name of NAMESPACES) namespaces.set(name, await api.namespace(name));
    const kubernetes = await api.version();
    installed = await InstalledPolicies.install(api, [...builtIn(kubernetes), ...featurePolicies()], {
      kubernetes,
      today: TODAY,
      until: '2099-01-01',
      exceptions: FEATURE_EXCEPTIONS,
    });
  });

  afterAll(async () => {
    api?.close();
    await cluster?.stop();
  });

  it('says what our evaluator says, of every object and by every policy', async () => {
    const { policies } = installed;
    const cases = objectsOfCases(policies.map(({ policy }) => policy));
    const generated = fc.oneof({ arbitrary: workload(NAMESPACES), weight: 2 }, mutated(cases));
    const objects = [
      ...(OBJECTS > cases.length ? cases : []),
      ...fc.sample(generated, { numRuns: OBJECTS, seed: SEED }),
    ].filter(({ kind }) => api.kind(String(kind)) !== undefined);
    const reasons: string[] = [];
    const found = (await forEachOf(objects, async (object, index) => await compareOne(object, index, reasons))).flat();
    const admitted = new Set(found.map(({ name }) => name)).size;
    const different = found.flatMap((one) => one.different);
    const failing = found.filter(({ failed }) => failed).length;
    console.info(
      `${found.length} pairs of ${admitted} objects and ${policies.length} policies, ${failing} of them failing or ` +
        `undecided: ${different.length} disagreements (${reasons.length} objects were invalid)`,
    );
    if (process.env['DIFFERENTIAL_REASONS']) console.info(reasons.join('\n'));
    expect(different.slice(0, 20).map((one) => JSON.stringify(one))).toEqual([]);
    expect(admitted).toBeGreaterThan(objects.length / 2);
  }, 3_600_000);

  it('looks at containers that are added to a pod that runs', async () => {
    const metadata = { name: 'debugged', namespace: 'default', labels: { differential: 'no-privileged-containers' } };
    const spec = { containers: [{ name: 'app', image: 'app:1' }] };
    const pod = await api.create({ apiVersion: 'v1', kind: 'Pod', metadata, spec });
    const ephemeralContainers = [
      { name: 'debugger', image: 'busybox:1', securityContext: { privileged: true }, terminationMessagePolicy: 'File' },
    ];
    const changed = { ...pod, spec: { ...(pod['spec'] as JsonObject), ephemeralContainers } };
    const { status, warnings } = await api.tryUpdate(changed, '/ephemeralcontainers');
    expect([status, warnings]).toEqual([200, [expect.stringContaining('container debugger is privileged')]]);
  });

  interface Pair {
    name: string;
    failed: boolean;
    different: (Disagreement & { user: string; object: JsonObject })[];
  }

  /** Sends one object and holds both answers against each other, for each policy that has something to say about it. */
  async function compareOne(object: JsonObject, index: number, reasons: string[]): Promise<Pair[]> {
    const name = `differential-${index}`;
    const { apiVersion, namespaced } = api.kind(String(object['kind'])) ?? { apiVersion: '', namespaced: false };
    const metadata = (object['metadata'] ?? {}) as JsonObject;
    const wanted = String(metadata['namespace']);
    const namespace = NAMESPACES.includes(wanted) ? wanted : 'default';
    const place: JsonObject = namespaced ? { namespace } : {};
    const user = USERS[index % USERS.length] as string;
    const answer = await installed.judge(
      complete({ ...object, apiVersion, metadata: { ...metadata, name, ...place } }),
      (labelled) => api.tryCreate(labelled, user),
    );
    if ('status' in answer) {
      reasons.push(`${object['kind']}: ${answer.body.message}`);
      return [];
    }
    const { admitted, refusals } = answer;
    const facts = {
      request: requestOf(user, name, place),
      oldObject: null,
      ...(namespaced ? { namespaceObject: namespaces.get(namespace) } : {}),
    };
    const results = judge(installed.policies, { id: name, object: admitted, facts }, FEATURE_EXCEPTIONS, TODAY);
    const different = disagreements(installed.policies, results, refusals).map((one) => ({
      ...one,
      user,
      object: told(admitted),
    }));
    const byPolicy = Map.groupBy(results, ({ policy }) => policy);
    const pairs = [...byPolicy].map(([policy, judged]) => ({
      name,
      failed: judged.some(({ verdict }) => verdict !== 'pass'),
      different: different.filter((one) => one.policy === policy),
    }));
    const unseen = different.filter(({ policy }) => !byPolicy.has(policy));
    return [...pairs, ...unseen.map((one) => ({ name, failed: true, different: [one] }))];
  }

  const requestOf = (username: string, name: string, place: JsonObject): JsonObject => ({
    operation: 'CREATE',
    name,
    ...place,
    userInfo: { username, groups: ['system:masters', 'system:authenticated'] },
    dryRun: true,
  });
});

/** An object without the long list of who wrote which field. */
function told(object: JsonObject): JsonObject {
  const { managedFields: _, ...metadata } = object['metadata'] as JsonObject;
  return { ...object, metadata };
}

/** Our policies with all packs, and those that packs override. */
function builtIn(kubernetes: number): CompiledPolicy[] {
  const { policies } = builtInPoliciesWithCases();
  const packs = [...new Set(policies.flatMap(({ policy }) => policy.spec.pack ?? []))];
  const strict = loadPolicies(policies, { kubernetes, packs }).policies;
  const usual = loadPolicies(policies, { kubernetes }).policies;
  const names = new Set(strict.map(({ policy }) => policy.metadata.name));
  return [...strict, ...usual.filter(({ policy }) => !names.has(policy.metadata.name))];
}
