import type { JsonObject, ManifestObject } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workloadsOf } from '../../inventory/index.ts';
import { objectOf } from '../../network/estate.fixture.ts';
import { attackViews, Routes } from '../explanation/index.ts';
import { rank } from '../rank.ts';
import { simulate } from '../simulation/index.ts';
import { factsOf, matchOf } from './facts.fixture.ts';
import { buildAttackGraph, nodeId, workloadNode } from './index.ts';

const id = 'default/shop/Deployment/web';
const web = nodeId.workload(id);
const app: JsonObject = { name: 'app', image: 'app:1', ports: [{ containerPort: 80 }] };
const agent: JsonObject = { name: 'agent', image: 'agent:1', securityContext: { privileged: true } };
const balancer = objectOf(
  'Service',
  'web',
  { spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80 }] } },
  'shop',
);

function deployment(containers: JsonObject[], spec: JsonObject = {}): ManifestObject {
  const template = { metadata: { labels: { app: 'web' } }, spec: { ...spec, containers } };
  return objectOf('Deployment', 'web', { spec: { template } }, 'shop', 'apps/v1');
}

function factsWith(containers: JsonObject[], spec: JsonObject = {}, objects: ManifestObject[] = []) {
  const all = [balancer, deployment(containers, spec), ...objects];
  const images = {
    'app:1': { matches: [matchOf('CVE-1', { exploitation: { epss: 0.5, ransomware: false } })] },
    'agent:1': { matches: [] },
  };
  return factsOf(all, workloadsOf(all).workloads, images);
}
const graphOf = (...args: Parameters<typeof factsWith>) => buildAttackGraph(factsWith(...args)).graph;
const played = (...args: Parameters<typeof factsWith>) => simulate(graphOf(...args), { worlds: 65_536 });
const nodeFalls = (...args: Parameters<typeof factsWith>) => played(...args).probabilityOf(nodeId.worker('default'));

describe('containers of a pod', () => {
  it('are one where none of them has anything of its own, and where there is one', () => {
    for (const containers of [
      [app],
      [app, { name: 'b', image: 'b:1' }],
      [{ ...app, securityContext: { privileged: true } }],
    ])
      expect(graphOf(containers).nodes.filter(({ id: node }) => node !== workloadNode(node))).toEqual([]);
  });

  it('are told apart where one is privileged: an exploit of the other takes the workload, and seldom the node', () => {
    const apart = played([app, agent]);
    const same = played([
      { ...app, securityContext: { privileged: true } },
      { name: 'agent', image: 'agent:1' },
    ]);
    const [container, other] = [nodeId.container(id, 'app'), nodeId.container(id, 'agent')];
    expect(apart.probabilityOf(web)).toBeCloseTo(same.probabilityOf(web), 1);
    expect(apart.probabilityOf(web)).toBeGreaterThanOrEqual(apart.probabilityOf(container));
    expect(apart.probabilityOf(container)).toBeGreaterThan(2 * apart.probabilityOf(other));
    expect(apart.probabilityOf(nodeId.worker('default'))).toBeLessThan(
      same.probabilityOf(nodeId.worker('default')) / 2,
    );
  });

  it('that share their processes lead into each other', () => {
    const shared = { shareProcessNamespace: true };
    expect(nodeFalls([app, agent], shared)).toBeGreaterThan(2 * nodeFalls([app, agent]));
    const [edge] = graphOf([app, agent], shared)
      .edges.filter(({ to }) => to === nodeId.container(id, 'agent'))
      .filter(({ from }) => from === web);
    expect(edge).toMatchObject({
      kind: 'host',
      probability: 0.9,
      phrase: 'sees the processes of container agent',
      mitigation: 'without shareProcessNamespace',
    });
  });

  it('that share their processes hinder a plain user', () => {
    const plain = { ...app, securityContext: { runAsUser: 1000 } };
    const chance = (first: JsonObject) =>
      graphOf([first, agent], { shareProcessNamespace: true }).edges.find(
        ({ id: edge }) => edge === `beside|${id}|agent`,
      )?.probability;
    expect([chance(app), chance(plain)]).toEqual([0.9, 0.45]);
  });

  it('fall all together with their pod: to its node, to who may run commands in it, to a stolen label of it', () => {
    const graph = graphOf([app, agent]);
    const whole = graph.edges.filter(({ to, id: edge }) => to === nodeId.pod(id) && !edge.startsWith('whole|'));
    expect(whole.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['host']));
    expect(graph.edges.filter(({ to, id: edge }) => to === web && !edge.startsWith('part|'))).toEqual([]);
  });

  it('hold each what it mounts and reads alone', () => {
    const reading = { ...agent, securityContext: {}, envFrom: [{ secretRef: { name: 'key' } }] };
    const holders = graphOf([app, reading]).edges.filter(({ to }) => to === nodeId.secret('default', 'shop', 'key'));
    expect(holders.filter(({ kind }) => kind === 'credential').map(({ from }) => from)).toEqual([
      nodeId.container(id, 'agent'),
    ]);
  });

  it('are poisoned by their own images', () => {
    const into = graphOf([app, agent]).edges.filter(
      ({ kind, from }) => kind === 'supply-chain' && from.startsWith('hub:image/'),
    );
    expect(into.map(({ to }) => to).sort()).toEqual([nodeId.container(id, 'agent'), nodeId.container(id, 'app')]);
  });
});

describe('in words, containers', () => {
  const facts = factsWith([app, agent], { shareProcessNamespace: true });
  const { ranking, attackView } = rank(facts, { time: '2026-06-01T00:00:00Z', worlds: 8_192 });
  const [top] = ranking.workloads;

  it('stand for their workload', () => {
    expect(top!.path.at(-1)).toMatchObject({ to: 'shop/web', phrase: expect.stringContaining('CVE-1') });
    expect(top!.why).toContain('runs lib 1 (CVE-1');
    expect(top!.onward.map(({ phrase }) => phrase)).toContain('runs privileged');
    const steps = [...top!.path, ...top!.onward];
    expect(JSON.stringify(steps)).not.toContain('hub:');
    const { graph } = simulate(buildAttackGraph(facts).graph, { worlds: 512 });
    const known = new Set(graph.edges.map((edge) => edge.id));
    expect(steps.filter(({ edge }) => !known.has(edge))).toEqual([]);
  });

  it('are drawn as their workload', () => {
    const ends = attackView(id).edges.flatMap(({ from, to }) => [from, to]);
    expect(ends.filter((end) => end !== workloadNode(end))).toEqual([]);
    expect(attackView(id).edges.map(({ phrase }) => phrase)).toContain('runs privileged');
  });

  it('are what a fix of shared processes and of privileges lowers', () => {
    const titles = ranking.fixes.map(({ title }) => title);
    expect(titles).toContainEqual(expect.stringContaining('privileged'));
    expect(titles).toContain('Remove shareProcessNamespace from shop/web');
  });

  it('have all ways on that one of them has', () => {
    const routes = new Routes(simulate(buildAttackGraph(factsWith([app, agent])).graph, { worlds: 512 }));
    expect(routes.onFrom(web)[0]![0]!.phrase).toBe('runs privileged');
    expect(attackViews([], routes)(web).nodes.length).toBeGreaterThan(1);
  });
});

describe('more in a container never lowers the loss', () => {
  const container = (name: string) =>
    fc.record(
      {
        name: fc.constant(name),
        image: fc.constantFrom('app:1', 'agent:1', 'c:1'),
        ports: fc.constantFrom<JsonObject[]>([], [{ containerPort: 80 }]),
        securityContext: fc.constantFrom<JsonObject>(
          {},
          { privileged: true },
          { capabilities: { add: ['SYS_PTRACE'] } },
        ),
        envFrom: fc.constantFrom<JsonObject[]>([], [{ secretRef: { name: 'key' } }]),
      },
      { requiredKeys: ['name', 'image', 'ports'] },
    ) as fc.Arbitrary<JsonObject>;
  const loss = (containers: JsonObject[], spec: JsonObject) =>
    simulate(graphOf(containers, spec), { worlds: 4_096 }).loss;

  it('privileges, secrets, shared processes', () => {
    const pods = fc.tuple(container('a'), container('b'), container('c'));
    fc.assert(
      fc.property(pods, fc.integer({ min: 0, max: 2 }), fc.boolean(), (containers, at, shared) => {
        const spec = { shareProcessNamespace: shared };
        const before = loss(containers, spec);
        const with_ = (part: JsonObject) =>
          containers.map((each, index) => (index === at ? { ...each, ...part } : each));
        expect(loss(with_({ securityContext: { privileged: true } }), spec)).toBeGreaterThanOrEqual(before - 1e-9);
        expect(loss(with_({ envFrom: [{ secretRef: { name: 'key' } }] }), spec)).toBeGreaterThanOrEqual(before - 1e-9);
        expect(loss(containers, { shareProcessNamespace: true })).toBeGreaterThanOrEqual(before - 1e-9);
      }),
      { numRuns: 60 },
    );
  });
});
