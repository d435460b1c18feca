import type { ManifestObject } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyProposals, groupAlike, proposeChanges } from './changes/index.ts';
import { deployment, estate, flaw, type ImageContent, isolation, loaded, manifest, service } from './estate.fixture.ts';
import { buildAttackGraph, type EstateFacts } from './graph/index.ts';
import { rank } from './rank.ts';
import { simulate } from './simulation/index.ts';

const time = '2026-11-22T12:00:00Z';
const ranked = (facts: EstateFacts) => rank(facts, { time, now: time, worlds: 4_096 });
const workload = (facts: EstateFacts, name: string) =>
  ranked(facts).ranking.workloads.find((each) => each.name === name)!;
const knownExploited = { ransomware: false, epss: 0.97, knownExploitedSince: '2021-12-10' };
const log4shell = flaw('CVE-2021-44228', 'log4j-core', { version: '2.14.1', exploitation: knownExploited });

const ingress = (namespace: string, name: string): ManifestObject =>
  manifest('Ingress', namespace, name, {
    spec: {
      rules: [
        { http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name, port: { number: 80 } } } }] } },
      ],
    },
  });

const secretReader = (namespace: string): ManifestObject[] => [
  manifest('Secret', namespace, 'database', { data: { password: 'eA==' } }),
  manifest('Role', namespace, 'reader', {
    rules: [{ apiGroups: [''], resources: ['configmaps', 'secrets'], verbs: ['get', 'list'] }],
  }),
  manifest('RoleBinding', namespace, 'reader', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace }],
  }),
];

describe('what comes first', () => {
  it('the same flaw in an exposed production service stands far above an isolated development container', () => {
    const content: ImageContent = { flaws: [log4shell], evidence: { [log4shell.component]: loaded } };
    const facts = estate(
      [
        deployment('production', 'shop'),
        service('production', 'shop', 'LoadBalancer'),
        deployment('development', 'toy'),
        service('development', 'toy'),
        isolation('development'),
      ],
      { shop: content, toy: content },
    );
    const [first] = ranked(facts).ranking.workloads;
    expect(first?.name).toBe('shop');
    expect(first!.loss).toBeGreaterThan(100 * workload(facts, 'toy').loss);
  });

  it('250 quiet vulnerabilities stay below one that attackers use and that is loaded, in its twin', () => {
    const quiet = Array.from({ length: 250 }, (_, at) => flaw(`CVE-2020-${1000 + at}`, `package-${at}`));
    const objects = ['many', 'one'].flatMap((name) => [
      deployment('shop', name),
      service('shop', name, 'LoadBalancer'),
    ]);
    const facts = estate(objects, {
      many: { flaws: quiet.map((match) => ({ ...match, exploitation: { ransomware: false, epss: 0.0005 } })) },
      one: { flaws: [log4shell], evidence: { [log4shell.component]: loaded } },
    });
    expect(workload(facts, 'one').loss).toBeGreaterThan(3 * workload(facts, 'many').loss);
    expect(ranked(facts).ranking.vulnerabilities).toMatchObject({ total: 251, matter: 1 });
  });

  it('says in one sentence what, where and why it matters here', () => {
    const facts = estate(
      [deployment('shop', 'cart'), service('shop', 'cart'), ingress('shop', 'cart'), ...secretReader('shop')],
      { cart: { flaws: [log4shell], evidence: { [log4shell.component]: loaded } } },
    );
    expect(workload(facts, 'cart').why).toBe(
      'is reachable from the Internet through ingress cart, runs log4j-core 2.14.1 (CVE-2021-44228, known exploited, ' +
        'loaded 3 min ago), and its token can read every secret in shop.',
    );
  });
});

describe('the way on', () => {
  it('goes over the node to what is worth most, by the worst that the workload gives away', () => {
    const facts = estate([
      deployment('shop', 'agent', {
        container: { securityContext: { privileged: true } },
        pod: {
          hostPID: true,
          tolerations: [{ operator: 'Exists' }],
          volumes: [{ name: 'r', hostPath: { path: '/' } }],
        },
      }),
      deployment('shop', 'cart'),
      service('shop', 'cart'),
    ]);
    const { onward, why } = workload(facts, 'agent');
    expect(onward.at(-1)?.to).toBe('control plane of default');
    expect(onward.length).toBeGreaterThan(1);
    expect(why).toMatch(
      /^would fall with a malicious image registry\.example\/agent:1, and runs privileged.*, which opens the control plane of default\.$/,
    );
  });

  it('never leads back to where the attacker came from', () => {
    const cache = { image: 'redis:7', ports: [{ containerPort: 6379 }] };
    const facts = estate([
      deployment('shop', 'frontend'),
      service('shop', 'frontend', 'LoadBalancer'),
      deployment('data', 'redis', { container: cache }),
    ]);
    const redis = workload(facts, 'redis');
    expect(redis.path.map(({ from }) => from)).toContain('shop/frontend');
    expect(redis.onward.map(({ to }) => to)).not.toContain('shop/frontend');
    expect(redis.why).toBe('can be attacked from shop/frontend and is a Redis without a password.');
  });
});

describe('changes', () => {
  const facts = estate(
    [
      deployment('shop', 'cart', {
        container: { securityContext: { privileged: true } },
        pod: { hostPID: true, volumes: [{ name: 'run', hostPath: { path: '/var/run/docker.sock' } }] },
      }),
      service('shop', 'cart', 'LoadBalancer'),
      deployment('shop', 'web', { container: { env: [{ name: 'DB', value: 'db:80' }] } }),
      service('shop', 'web', 'LoadBalancer'),
      deployment('shop', 'db'),
      service('shop', 'db'),
      ...secretReader('shop'),
    ],
    { cart: { flaws: [log4shell], evidence: { [log4shell.component]: loaded } }, web: {}, db: {} },
  );
  const { ranking, changes } = ranked(facts);
  const single = proposeChanges(facts, buildAttackGraph(facts).graph);
  const proposed = [...single, ...groupAlike(single, facts.workloads)];
  const proposals = new Map(proposed.map((each) => [each.change.id, each]));

  it('are numbered by the loss that each removes, alternatives behind the others', () => {
    for (const alternative of [false, true]) {
      const fixes = ranking.fixes.filter(({ detail }) => detail.startsWith('An alternative to') === alternative);
      const removed = fixes.map((fix) => fix.lossRemoved);
      expect(removed).toEqual(removed.toSorted((left, right) => right - left));
    }
    expect(ranking.fixes.map((fix) => fix.n)).toEqual(ranking.fixes.map((_, index) => index + 1));
    expect(ranking.fixes.map((fix) => fix.id)).toEqual(changes.map((change) => change.id));
  });

  it('remove what they promise when they are made, alone and together', () => {
    for (const fix of ranking.fixes.slice(0, 6)) {
      const alone = ranked(applyProposals(facts, [proposals.get(fix.id)!])).ranking.loss;
      expect(ranking.loss - alone).toBeCloseTo(fix.lossRemoved, 8);
    }
    const both = ranking.fixes.slice(0, 2).map((fix) => proposals.get(fix.id)!);
    const together = ranked(applyProposals(facts, both)).ranking.loss;
    expect(ranking.loss - together).toBeCloseTo(ranking.fixes[1]!.lossRemovedTogether, 8);
  });

  it('cover every kind that fits', () => {
    expect([...proposals.keys()].map((id) => id.split(':')[0])).toEqual(
      expect.arrayContaining([
        'contain',
        'unprivileged',
        'own-namespaces',
        'unbind',
        'narrow-role',
        'no-token',
        'cluster-ip',
        'upgrade-system',
        'network-policy',
      ]),
    );
  });

  it('admit the callers that name a workload, and no others', () => {
    const [edit] = proposals.get('network-policy:default/shop/Deployment/db')!.change.edits;
    expect(edit).toMatchObject({
      target: 'new-object',
      object: { spec: { ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }] } },
    });
  });

  it('that need a new image say so, and change no file unless its recipe is known', () => {
    const recipe = {
      path: 'cart/Dockerfile',
      exposedPorts: [],
      instructions: [{ line: 1, keyword: 'FROM', value: 'debian:12' }],
    };
    const upgradeOf = (estateFacts: EstateFacts) =>
      proposeChanges(estateFacts, buildAttackGraph(estateFacts).graph).find(({ change }) =>
        change.id.startsWith('upgrade'),
      )!;
    expect(upgradeOf(facts).change).toMatchObject({
      title: 'Upgrade log4j-core to 1.1 in image registry.example/cart:1',
      afterRebuild: true,
      edits: [],
    });
    const dockerfiles = new Map([['registry.example/cart:1', recipe]]);
    expect(upgradeOf({ ...facts, dockerfiles }).change.edits).toMatchObject([
      { path: 'cart/Dockerfile', line: 1, operation: 'insert-after' },
    ]);
  });
});

describe('what does not matter', () => {
  it('is counted by reason, and every vulnerability is in one count', () => {
    const flaws = [
      log4shell,
      flaw('CVE-1', 'bash', { cvss: 'CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', exploitation: knownExploited }),
      flaw('CVE-2', 'zlib'),
      flaw('CVE-3', 'curl', { exploitation: knownExploited }),
    ];
    const notSeen = { state: 'not-seen' as const, observedDays: 14, reason: '14 complete days' };
    const facts = estate(
      [
        deployment('shop', 'cart'),
        service('shop', 'cart', 'LoadBalancer'),
        deployment('shop', 'idle'),
        isolation('shop'),
      ],
      {
        cart: { flaws, evidence: { [log4shell.component]: loaded, [flaw('', 'curl').component]: notSeen } },
      },
    );
    const open = {
      ...facts,
      reachability: estate(facts.objects.filter(({ kind }) => kind !== 'NetworkPolicy')).reachability,
    };
    const { total, matter, quiet } = ranked(open).ranking.vulnerabilities;
    expect({ total, matter }).toEqual({ total: 4, matter: 1 });
    expect(quiet.reduce((sum, { count }) => sum + count, 0)).toBe(3);
    expect(ranked(open).quietReasonOf('sha256:cart', flaws[2]!.component, 'CVE-2')).toContain('EPSS');
    expect(ranked(open).quietReasonOf('sha256:cart', log4shell.component, log4shell.id)).toBe('');
  });
});

/** Estates of three workloads that differ in exposure, rights, flaws and evidence. */
interface Shape {
  exposed: boolean;
  privileged: boolean;
  reads: boolean;
  flaws: number;
  evidence: 'loaded' | 'none';
}
const shape = fc.record({
  exposed: fc.boolean(),
  privileged: fc.boolean(),
  reads: fc.boolean(),
  flaws: fc.integer({ min: 0, max: 4 }),
  evidence: fc.constantFrom('loaded' as const, 'none' as const),
});

const catalogue = [
  log4shell,
  flaw('CVE-A', 'openssl', { exploitation: { ransomware: false, epss: 0.4 } }),
  flaw('CVE-B', 'openssl', { exploitation: { ransomware: false, epss: 0.01 } }),
  flaw('CVE-C', 'nginx', { exploitation: { ransomware: false, epss: 0.05 } }),
];

function built(shapes: Shape[], cluster = 'default'): EstateFacts {
  const names = shapes.map((_, at) => `w${at}`);
  const objects = shapes.flatMap(({ exposed, privileged, reads }, at) => [
    deployment(`ns${at}`, names[at]!, {
      cluster,
      container: privileged ? { securityContext: { privileged: true } } : {},
    }),
    service(`ns${at}`, names[at]!, exposed ? 'LoadBalancer' : 'ClusterIP', cluster),
    ...(reads ? secretReader(`ns${at}`).map((object) => ({ ...object, cluster })) : []),
  ]);
  const contents = shapes.map(({ flaws, evidence }, at) => {
    const list = catalogue.slice(0, flaws);
    const seen = evidence === 'loaded' ? list.map((match) => [match.component, loaded] as const) : [];
    return [names[at]!, { flaws: list, evidence: Object.fromEntries(seen) }] as const;
  });
  return estate(objects, Object.fromEntries(contents));
}

const lossOf = (facts: EstateFacts) => simulate(buildAttackGraph(facts).graph, { worlds: 2_048 });

describe('properties of any estate', () => {
  const shapes = fc.array(shape, { minLength: 1, maxLength: 3 });

  it.each(['exposed', 'privileged', 'reads'] as const)('one that is %s too never lowers the loss', (field) => {
    fc.assert(
      fc.property(shapes, fc.nat(2), (estateShapes, at) => {
        const which = at % estateShapes.length;
        const set = (value: boolean) =>
          built(estateShapes.map((each, index) => (index === which ? { ...each, [field]: value } : each)));
        expect(lossOf(set(true)).loss).toBeGreaterThanOrEqual(lossOf(set(false)).loss);
      }),
      { numRuns: 40 },
    );
  });

  it('a vulnerability more never lowers the loss', () => {
    fc.assert(
      fc.property(shapes, fc.nat(2), (estateShapes, at) => {
        const which = at % estateShapes.length;
        const more = estateShapes.map((each, index) =>
          index === which ? { ...each, flaws: Math.min(4, each.flaws + 1) } : each,
        );
        expect(lossOf(built(more)).loss).toBeGreaterThanOrEqual(lossOf(built(estateShapes)).loss);
      }),
      { numRuns: 40 },
    );
  });

  it('not knowing whether components are loaded widens the range and never narrows it', () => {
    fc.assert(
      fc.property(shapes, (estateShapes) => {
        const known = lossOf(built(estateShapes.map((each) => ({ ...each, evidence: 'loaded' as const }))));
        const unknown = lossOf(built(estateShapes.map((each) => ({ ...each, evidence: 'none' as const }))));
        expect(unknown.lossRange[0]).toBeLessThanOrEqual(known.lossRange[0]);
        expect(unknown.lossRange[1]).toBeGreaterThanOrEqual(known.lossRange[1]);
        expect(unknown.lossRange[0]).toBeLessThanOrEqual(unknown.loss);
        expect(unknown.lossRange[1]).toBeGreaterThanOrEqual(unknown.loss);
      }),
      { numRuns: 40 },
    );
  });

  it('what stands in another cluster does not move a bit, unless one CVE or one poisoned image is in both', () => {
    fc.assert(
      fc.property(shape, shapes, (one, others) => {
        const alone = built([one]);
        const other = built([one, ...others], 'other');
        const both = estate([...alone.objects, ...other.objects]);
        const graph = buildAttackGraph({
          ...both,
          images: alone.images,
          vulnerabilities: alone.vulnerabilities,
          evidence: alone.evidence,
        }).graph;
        const probability = (facts: EstateFacts) => lossOf(facts).probabilityOf('workload:default/ns0/Deployment/w0');
        expect(simulate(graph, { worlds: 2_048 }).probabilityOf('workload:default/ns0/Deployment/w0')).toBe(
          probability(alone),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('the same input gives the same ranking', () => {
    fc.assert(
      fc.property(shapes, (estateShapes) => {
        const [first, second] = [ranked(built(estateShapes)), ranked(built(estateShapes))];
        expect(second.ranking).toEqual(first.ranking);
      }),
      { numRuns: 10 },
    );
  });

  it('each workload lies inside its range', () => {
    fc.assert(
      fc.property(shapes, (estateShapes) => {
        for (const { loss, lossRange } of ranked(built(estateShapes)).ranking.workloads) {
          expect(lossRange[0]).toBeLessThanOrEqual(loss);
          expect(lossRange[1]).toBeGreaterThanOrEqual(loss);
        }
      }),
      { numRuns: 10 },
    );
  });
});
