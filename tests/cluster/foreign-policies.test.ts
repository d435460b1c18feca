import { type CompiledPolicy, evaluatePolicies } from '@breakwater/engine/policy';
import { compileForeignPolicies } from '@breakwater/engine/policy/foreign';
import type { JsonObject } from '@breakwater/model';
import { type ForeignRead, readForeign } from '@breakwater/sources/policies';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_CLUSTER, onCluster } from './control-plane.ts';
import { Api, forEachOf } from './differential/api.ts';
import { exampleDocuments, PARAMETERS } from './differential/foreign-policies.ts';
import { workload } from './differential/workloads.ts';
import { retryUntil } from './retry-until.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

const OBJECTS = Number(process.env['DIFFERENTIAL_OBJECTS'] ?? 40);
const SEED = Number(process.env['DIFFERENTIAL_SEED'] ?? 20_261_122);
const NAMESPACES = ['default', 'alpha', 'beta'];

/** Examples that let everything of the workloads pass. */
const SILENT = ['cluster-scoped', 'condition-ignored', 'request'];

/**
 * ValidatingAdmissionPolicies run in a real API server and are judged by us as they are: what is refused and every
 * sentence must agree. The server fills in defaults before it admits, so ours is given the object as it gives it back.
 */
describe.skipIf(NO_CLUSTER !== '')(onCluster('ValidatingAdmissionPolicies as they are'), () => {
  let cluster: Cluster;
  let api: Api;
  let policies: CompiledPolicy[];
  const namespaces = new Map<string, JsonObject>();

  beforeAll(async () => {
    cluster = await startCluster();
    api = await Api.open(cluster.kubeconfig);
    for (const [name, stage] of Object.entries({ alpha: 'live', beta: 'test' })) {
      await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { stage } } });
    }
    for (const name of NAMESPACES) namespaces.set(name, await api.namespace(name));
    for (const parameter of PARAMETERS) await api.create(parameter);
    const documents = exampleDocuments();
    const read: ForeignRead = { foreign: [], unknowns: [] };
    for (const document of [...PARAMETERS, ...documents.flatMap(({ policy, binding }) => [policy, binding])]) {
      readForeign(document, { source: 'cluster' }, read);
    }
    const compiled = compileForeignPolicies(read.foreign);
    expect([...read.unknowns, ...compiled.unknowns]).toEqual([]);
    policies = compiled.policies;
    await forEachOf(documents, async ({ policy, binding }) => {
      await api.create(policy);
      await api.create(binding);
    });
    /* In force once what refuses everything speaks for every policy that matches the probe. */
    const probe = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'probe', namespace: 'alpha' } };
    await retryUntil('the policies', async () => (await api.tryCreate(probe)).warnings.length >= 15);
  });

  afterAll(async () => {
    api?.close();
    await cluster?.stop();
  });

  it('say what our evaluator says, of every object', async () => {
    const objects = fc.sample(workload(NAMESPACES), { numRuns: OBJECTS, seed: SEED });
    let compared = 0;
    const heard = new Set<string>();
    const different = await forEachOf(objects, async (object, index) => {
      const metadata = { ...(object['metadata'] as JsonObject), name: `foreign-${index}` };
      const { status, body, warnings } = await api.tryCreate({ ...object, metadata });
      if (status >= 300) return [];
      compared += policies.length;
      const ours = said(judge(body));
      const theirs = sorted(warnings.flatMap(inShort));
      for (const text of theirs) heard.add(text.slice(0, text.indexOf(':')));
      return JSON.stringify(ours) === JSON.stringify(theirs)
        ? []
        : [{ object: body, ours: without(ours, theirs), theirs: without(theirs, ours) }];
    });
    console.info(`${compared} pairs of objects and policies`);
    expect(
      different
        .flat()
        .slice(0, 3)
        .map((one) => JSON.stringify(one)),
    ).toEqual([]);
    expect(policies.map(({ policy }) => policy.metadata.name).filter((name) => !heard.has(name))).toEqual(SILENT);
    expect(compared).toBeGreaterThan((objects.length * policies.length) / 2);
  }, 600_000);

  function judge(object: JsonObject) {
    const { name, namespace } = object['metadata'] as { name: string; namespace: string };
    const [group = '', version = ''] = String(object['apiVersion']).includes('/')
      ? String(object['apiVersion']).split('/')
      : ['', String(object['apiVersion'])];
    const kind = { group, version, kind: String(object['kind']) };
    const userInfo = { username: 'admin', groups: ['system:masters', 'system:authenticated'] };
    const request = { operation: 'CREATE', kind, name, namespace, userInfo, dryRun: true };
    const facts = { request, oldObject: null, namespaceObject: namespaces.get(namespace) };
    return evaluatePolicies(policies, { id: name, object, facts }, 'deploy', [], '2026-11-22T12:00:00Z');
  }
});

const sorted = (texts: string[]): string[] => [...new Set(texts)].sort();
const without = (texts: string[], others: string[]): string[] => texts.filter((text) => !others.includes(text));

/** `policy: sentence`, or `policy: error`, of what is refused. */
const said = (results: ReturnType<typeof evaluatePolicies>): string[] =>
  sorted(
    results.filter(({ verdict }) => verdict === 'fail').map(({ policy, message }) => `${policy}: ${sentence(message)}`),
  );

const sentence = (message: string): string => (message.startsWith('says ') ? message : 'error');

/** What a warning says for which policy; warnings of others are passed over. */
function inShort(warning: string): string[] {
  const match = /^Validation failed for ValidatingAdmissionPolicy '([^']+)' with binding '[^']+': (.*)$/s.exec(warning);
  return match === null ? [] : [`${match[1]}: ${sentence(match[2] as string)}`];
}
