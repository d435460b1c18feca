import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAttackGraph, type EstateFacts, nodeId } from '@breakwater/engine/risk';
import type { AttackGraph, Unknown } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatherPaths } from './assess-paths.ts';

const ESTATE = '../shared/estates/kubernetes-goat';
const EXPECTED = `${ESTATE}.expected.json`;
const MISSING = !existsSync(ESTATE) || !existsSync(EXPECTED);

interface ManifestFacts {
  kind: string;
  name: string;
  privileged: boolean;
  host_namespaces: string[];
  host_paths: string[];
  containers_without_limits: string[];
  service_account: string | null;
}
interface Scenario {
  title: string;
  weakness: string | null;
  manifest_facts: ManifestFacts[];
}

/** What an attack path says of a host namespace. */
const namespaceWords: Readonly<Record<string, string>> = {
  hostPID: 'sees the processes of its node',
  hostIPC: 'shares memory with processes of its node',
  hostNetwork: 'reaches services of its node that listen locally',
};

/** Paths that tell nothing to whoever may only read them. */
const tellsNothing = /^\/etc\/(passwd|group)$/;

const scenarios: Record<string, Scenario> = MISSING ? {} : JSON.parse(readFileSync(EXPECTED, 'utf8')).scenarios;
const all = Object.entries(scenarios);

/** What a scenario's weakness may be, by the words of the estate's own account, and how many scenarios have it. */
const weaknesses = {
  nodePort: [/NodePort/, 1],
  openRegistry: [/registry without authentication/, 1],
  noNetworkPolicy: [/no NetworkPolicy/, 1],
  readsSecrets: [/get, list and watch/, 1],
  clusterAdmin: [/cluster-admin/, 1],
  inImage: [/in the image|in its layers|layer file/, 3],
  deletedFile: [/deleted layer file/, 1],
  miner: [/miner/, 1],
  none: [/^$|not a weakness/, 3],
} as const;

describe.skipIf(MISSING)('conformance: known attacks (skipped where ../shared/estates is absent)', () => {
  let state: string;
  let facts: EstateFacts;
  let graph: AttackGraph;
  let unknowns: Unknown[];

  beforeAll(async () => {
    state = mkdtempSync(join(tmpdir(), 'breakwater-known-attacks-'));
    const options = { state, now: '2026-06-01T00:00:00Z' };
    ({ facts, unknowns } = await gatherPaths([ESTATE], options, ({ gathered, unknowns: read }) => ({
      facts: gathered.facts,
      unknowns: [...gathered.unknowns, ...read],
    })));
    graph = buildAttackGraph(facts).graph;
  }, 120_000);
  afterAll(() => rmSync(state, { recursive: true, force: true }));

  const workloadOf = ({ kind, name }: ManifestFacts) => {
    const found = facts.workloads.find((each) => each.kind === kind && each.name === name);
    expect(found, `${kind} ${name}`).toBeDefined();
    return found!;
  };
  /** Everything that is said on the way from a workload on. */
  const sentencesFrom = (id: string): string[] => {
    const seen = new Set([nodeId.workload(id)]);
    const said: string[] = [];
    for (const node of seen)
      for (const { from, to, phrase } of graph.edges)
        if (from === node) {
          said.push(phrase);
          seen.add(to);
        }
    return said;
  };
  const directly = (id: string): string[] =>
    graph.edges.filter(({ from }) => from === nodeId.workload(id)).map(({ phrase }) => phrase);

  it.each(Object.entries(weaknesses))('are tested in each scenario that has them: %s', (_, [words, scenariosOfIt]) => {
    expect(all.filter(([, { weakness }]) => words.test(weakness ?? ''))).toHaveLength(scenariosOfIt);
  });

  describe.each(all)('%s', (name, { weakness, manifest_facts }) => {
    it.each(manifest_facts.map((one) => [`${one.kind} ${one.name}`, one] as const))(
      'says each way from %s to its node, and what stops it',
      (_, one) => {
        const { id } = workloadOf(one);
        const said = directly(id);
        if (one.privileged) expect(said).toContain('runs privileged');
        for (const namespace of one.host_namespaces) expect(said).toContain(namespaceWords[namespace]);
        for (const path of one.host_paths.filter((each) => !tellsNothing.test(each))) {
          const words = path.endsWith('.sock')
            ? 'socket'
            : path === '/'
              ? 'the whole disk'
              : ` ${path.replace(/\/$/, '')} `;
          expect(
            said.some((phrase) => phrase.includes(words)),
            path,
          ).toBe(true);
        }
        const ways = graph.edges.filter(({ from, kind }) => from === nodeId.workload(id) && kind === 'escape');
        const weak = one.privileged || one.host_namespaces.length + one.host_paths.length > 0;
        expect(ways.length > 0).toBe(weak);
        for (const way of ways) expect([way.mitigation, way.reason].every(Boolean), way.id).toBe(true);
      },
    );

    it.each(manifest_facts.map((one) => [`${one.kind} ${one.name}`, one] as const))(
      'knows the account and the limits of %s',
      (_, one) => {
        const { serviceAccount, containers } = workloadOf(one);
        expect(serviceAccount).toBe(one.service_account ?? 'default');
        const without = containers.filter(({ limits }) => Object.keys(limits).length === 0);
        expect(without.map((container) => container.name)).toEqual(one.containers_without_limits);
      },
    );

    /** A test of a weakness, where the scenario has it. */
    const given = (of: keyof typeof weaknesses) => (weaknesses[of][0].test(weakness ?? '') ? it : undefined);
    const own = () => manifest_facts.map(workloadOf);
    const image = () => own().flatMap(({ containers }) => containers.map((container) => container.image));
    const doors = () => own().flatMap(({ id, containers }) => containers.map((each) => nodeId.door(id, each.name)));
    const causes = () => graph.edges.filter(({ from }) => doors().includes(from)).flatMap((edge) => edge.causes);

    given('nodePort')?.('says that its node port leads in, and to whom it leads on', () => {
      const entries = graph.edges.filter(({ to, kind }) => kind === 'entry' && doors().includes(to));
      expect(entries.map(({ phrase }) => phrase)).toContainEqual(
        expect.stringMatching(/through node port \d+ of service/),
      );
      expect(sentencesFrom(own()[0]!.id)).toContain('over the cluster’s network');
    });

    given('openRegistry')?.('says that the registry asks for nothing', () => {
      expect(causes().map(({ reason }) => reason)).toContainEqual(
        expect.stringContaining('registry without authentication'),
      );
    });

    given('noNetworkPolicy')?.('says that other namespaces reach it', () => {
      const [target] = own();
      const from = facts.workloads.find(({ namespace }) => namespace !== target!.namespace)!;
      const seen = new Set([nodeId.workload(from.id)]);
      for (const node of seen)
        for (const edge of graph.edges) if (edge.from === node && edge.kind === 'reach') seen.add(edge.to);
      expect(doors().some((door) => seen.has(door))).toBe(true);
    });

    given('readsSecrets')?.('says that its token reads every secret of its namespace', () => {
      const said = own().flatMap(({ id }) => sentencesFrom(id));
      expect(said).toContainEqual(expect.stringMatching(/^can read every secret in /));
    });

    given('clusterAdmin')?.('says that an account does everything', () => {
      const steps = graph.edges.filter(
        ({ to, kind }) => kind === 'permission' && to === nodeId.controlPlane('default'),
      );
      expect(steps.map(({ phrase }) => phrase)).toContain('can do everything in the whole cluster');
    });

    given('inImage')?.('says that its image was not read, and could be worse', () => {
      for (const reference of image()) {
        expect(unknowns.map(({ subject }) => subject)).toContain(reference);
        expect(graph.edges.map(({ phrase }) => phrase)).toContain(`image ${reference} is malicious`);
      }
      expect(causes().some(({ key, localRange }) => key.startsWith('unreadable:') && localRange?.[1] === 1)).toBe(true);
    });

    given('deletedFile')?.('says which file stays in a layer, by its recipe', () => {
      const said = own().flatMap(({ id }) => directly(id));
      expect(said).toContainEqual(expect.stringMatching(/copies \S+ into the image, where it stays in its layer/));
    });

    given('miner')?.('says that its build runs what it downloads', () => {
      const said = graph.edges
        .filter(({ to }) => image().some((one) => to === nodeId.image(one)))
        .map(({ phrase }) => phrase);
      expect(said).toContainEqual(expect.stringMatching(/runs in its build what it downloads$/));
    });

    given('none')?.('says of no way out where there is none', () => {
      for (const { id } of own())
        expect(directly(id).filter((phrase) => /node$|socket|privileged/.test(phrase))).toEqual([]);
    });

    it('is told as a whole: every weakness has its test', () => {
      const told =
        /NodePort|registry without|no NetworkPolicy|get, list and watch|cluster-admin|in the image|in its layers|layer file|privileged|host(PID|IPC| paths)|not a weakness/;
      expect(weakness === null || told.test(weakness), name).toBe(true);
    });
  });
});
