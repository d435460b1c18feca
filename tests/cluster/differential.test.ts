import { COMPILE_TARGETS, type CompileOptions } from '@breakwater/engine/compile';
import { type CompiledPolicy, loadPolicies } from '@breakwater/engine/policy';
import type { JsonObject } from '@breakwater/model';
import { builtInPolicies } from '@breakwater/sources/policies';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findControlPlane, NO_CLUSTER, onCluster } from './control-plane.ts';
import { create, discoverKinds, forEachOf, type ServedKind, tryCreate } from './differential/api.ts';
import { AuditLog } from './differential/audit-log.ts';
import { complete, mutated, objectsOfCases } from './differential/case-objects.ts';
import { type Disagreement, disagreements, judge } from './differential/compare.ts';
import { canaryPolicy, FEATURE_EXCEPTIONS, featurePolicies } from './differential/feature-policies.ts';
import { workload } from './differential/workloads.ts';
import { retryUntil } from './retry-until.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

/** Objects that are sent; a hundred where nothing else is asked for, so that CI takes a minute. */
const OBJECTS = Number(process.env['DIFFERENTIAL_OBJECTS'] ?? 100);
const SEED = Number(process.env['DIFFERENTIAL_SEED'] ?? 20_261_122);
const TODAY = '2026-11-22';
const NAMESPACES = ['default', 'alpha', 'beta'];

const [target] = COMPILE_TARGETS.filter(({ name }) => name === 'validating-admission-policy');
const given = findControlPlane().kind === 'given';

/**
 * The same objects are judged by compiled policies in a real API server and by our evaluator. The server fills in
 * defaults before it admits, so ours is given the object as the dry run gives it back. Every policy is bound with Audit:
 * one request then tells what all of them say, and each message, in the audit log.
 */
describe.skipIf(NO_CLUSTER !== '' || given)(onCluster('compiled policies in an API server'), () => {
  let cluster: Cluster;
  let log: AuditLog;
  let kinds: Map<string, ServedKind>;
  let policies: CompiledPolicy[];

  beforeAll(async () => {
    cluster = await startCluster();
    log = new AuditLog(cluster.state);
    kinds = await discoverKinds(cluster);
    for (const [name, stage] of [
      ['alpha', 'live'],
      ['beta', 'test'],
    ]) {
      await create(cluster, servedKind('Namespace'), {
        metadata: { name: name as string, labels: { stage: stage as string } },
      });
    }
    policies = await install(cluster);
  });

  afterAll(async () => await cluster?.stop());

  function servedKind(kind: string): ServedKind {
    const served = kinds.get(kind);
    if (served === undefined) throw new Error(`no API server serves ${kind}`);
    return served;
  }

  /** Compiles and creates every policy that can be, and waits until the last of them is in force. */
  async function install(api: Cluster): Promise<CompiledPolicy[]> {
    const { body: version } = await api.request('GET', '/version');
    const kubernetes = Number.parseInt(version.minor, 10);
    const options: CompileOptions = { kubernetes, today: TODAY, until: '2099-01-01', exceptions: FEATURE_EXCEPTIONS };
    const compiled = [...builtIn(kubernetes), ...featurePolicies()].flatMap((policy) => {
      const { objects } = target?.compile(policy, options) ?? { objects: [] };
      return objects.length === 0 ? [] : [{ policy, objects }];
    });
    await forEachOf(compiled, async ({ objects: [policy, binding] }) => {
      const spec = { ...(binding?.['spec'] as JsonObject), validationActions: ['Audit'] };
      await create(api, servedKind('ValidatingAdmissionPolicy'), policy as JsonObject);
      await create(api, servedKind('ValidatingAdmissionPolicyBinding'), { ...binding, spec } as JsonObject);
    });
    await waitForPolicies(api, kubernetes);
    return compiled.map(({ policy }) => policy);
  }

  /** A policy that comes last and refuses: once it does, those before it are in force too. */
  async function waitForPolicies(api: Cluster, kubernetes: number): Promise<void> {
    const objects = canaryPolicy().flatMap(
      (policy) => target?.compile(policy, { kubernetes, today: TODAY }).objects ?? [],
    );
    for (const object of objects) await create(api, servedKind(String(object['kind'])), object);
    const probe: JsonObject = { metadata: { name: 'canary' } };
    await retryUntil('a denial', async () => (await tryCreate(api, servedKind('ConfigMap'), probe)).status === 422);
  }

  it('says what our evaluator says, of every object and by every policy', async () => {
    const cases = objectsOfCases(policies.map(({ policy }) => policy));
    const objects = [
      ...(OBJECTS > cases.length ? cases : []),
      ...fc.sample(fc.oneof({ arbitrary: workload(NAMESPACES), weight: 2 }, mutated(cases)), {
        numRuns: OBJECTS,
        seed: SEED,
      }),
    ];
    const found = await forEachOf(objects, compareOne);
    const admitted = found.filter((one) => one !== undefined);
    const pairs = admitted.reduce((sum, one) => sum + one.pairs, 0);
    const failing = admitted.reduce((sum, one) => sum + one.failing, 0);
    const different = admitted.flatMap((one) => one.different);
    console.info(
      `${pairs} pairs of ${admitted.length} objects (${objects.length - admitted.length} were invalid) and ${policies.length} policies, ` +
        `${failing} of them failing or undecided: ${different.length} disagreements`,
    );
    expect(different.slice(0, 5)).toEqual([]);
    expect(admitted.length).toBeGreaterThan(objects.length / 2);
  }, 1_800_000);

  /** Sends one object and holds both answers against each other; undefined where the API server finds it invalid. */
  async function compareOne(
    object: JsonObject,
    index: number,
  ): Promise<{ pairs: number; failing: number; different: (Disagreement & { object: JsonObject })[] } | undefined> {
    const served = kinds.get(String(object['kind']));
    if (served === undefined) return undefined;
    const name = `differential-${index}`;
    const metadata = object['metadata'] as JsonObject | undefined;
    const namespace = NAMESPACES.includes(String(metadata?.['namespace']))
      ? String(metadata?.['namespace'])
      : 'default';
    const sent = complete({
      ...object,
      apiVersion: served.apiVersion,
      metadata: { ...metadata, name, ...(served.namespaced ? { namespace } : {}) },
    });
    const answer = await tryCreate(cluster, served, sent);
    if (answer.status !== 201) return undefined;
    const admitted = answer.body as JsonObject;
    const refusals = await log.refusalsOf(name);
    const facts = {
      request: requestOf(served, name, namespace),
      oldObject: null,
      ...(served.namespaced ? { namespaceObject: await namespaceObject(namespace) } : {}),
    };
    const results = judge(policies, { id: name, object: admitted, facts }, FEATURE_EXCEPTIONS, TODAY);
    const different = disagreements(policies, results, refusals).map((one) => ({ ...one, object: admitted }));
    const judged = Map.groupBy(results, ({ policy }) => policy);
    const failing = judged.values().filter((all) => all.some(({ verdict }) => verdict !== 'pass'));
    return { pairs: judged.size, failing: [...failing].length, different };
  }

  const requestOf = ({ namespaced }: ServedKind, name: string, namespace: string): JsonObject => ({
    operation: 'CREATE',
    name,
    ...(namespaced ? { namespace } : {}),
    userInfo: { username: 'admin', groups: ['system:masters', 'system:authenticated'] },
    dryRun: true,
  });

  const namespaces = new Map<string, Promise<JsonObject>>();
  function namespaceObject(name: string): Promise<JsonObject> {
    const known = namespaces.get(name) ?? cluster.request('GET', `/api/v1/namespaces/${name}`).then(({ body }) => body);
    namespaces.set(name, known);
    return known;
  }
});

/** Our policies with all packs, and those that packs override. */
function builtIn(kubernetes: number): CompiledPolicy[] {
  const { policies } = builtInPolicies();
  const packs = [...new Set(policies.flatMap(({ policy }) => policy.spec.pack ?? []))];
  const strict = loadPolicies(policies, { kubernetes, packs }).policies;
  const usual = loadPolicies(policies, { kubernetes }).policies;
  const names = new Set(strict.map(({ policy }) => policy.metadata.name));
  return [...strict, ...usual.filter(({ policy }) => !names.has(policy.metadata.name))];
}
