import type { JsonObject, ManifestObject } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workloadsOf } from '../inventory/index.ts';
import { Connectivity } from '../network/connectivity/index.ts';
import { objectOf, policyOf } from '../network/estate.fixture.ts';
import { compiled } from './least-privilege.fixture.ts';

const NAMESPACES = ['a', 'b'];
const PORTS = [8080, 9090];

interface Shape {
  namespace: string;
  /** A label that others of its namespace may have too. */
  tier: string | undefined;
  /** Whether it has a label of its own. */
  named: boolean;
  /** Whom it calls: positions, and which port. */
  calls: { whom: number; port: number }[];
}

const shape: fc.Arbitrary<Shape> = fc.record({
  namespace: fc.constantFrom(...NAMESPACES),
  tier: fc.constantFrom('x', 'y', undefined),
  named: fc.constant(true),
  calls: fc.array(fc.record({ whom: fc.nat(9), port: fc.constantFrom(...PORTS) }), { maxLength: 3 }),
});
const shapes = fc.array(shape, { minLength: 1, maxLength: 8 });

const nameOf = (at: number): string => `w${at}`;

/** A Deployment and a Service for each; the last one may have no label that others do not have. */
function estateOf(list: readonly Shape[]): ManifestObject[] {
  return list.flatMap(({ namespace, tier, named, calls }, at) => {
    const labels: JsonObject = { ...(named && { app: nameOf(at) }), ...(tier !== undefined && { tier }) };
    const env = calls.map(({ whom, port }, number) => {
      const target = whom % list.length;
      return { name: `TARGET_${number}`, value: `http://${nameOf(target)}.${list[target]!.namespace}.svc:${port}/` };
    });
    const ports = PORTS.map((containerPort) => ({ containerPort }));
    const spec = { containers: [{ name: 'app', image: 'app:1', ports, env }] };
    const template = { metadata: { labels }, spec };
    return [
      objectOf(
        'Deployment',
        nameOf(at),
        { spec: { selector: { matchLabels: labels }, template } },
        namespace,
        'apps/v1',
      ),
      objectOf(
        'Service',
        nameOf(at),
        { spec: { selector: { app: nameOf(at) }, ports: PORTS.map((port) => ({ name: `p${port}`, port })) } },
        namespace,
      ),
    ];
  });
}

/** `w0 w1 TCP 8080` of everything that is open between two workloads, once policies are in force. */
function openPairs(objects: readonly ManifestObject[], policies: readonly JsonObject[]): string[] {
  const written = policies.map((object) => {
    const { name, namespace } = object['metadata'] as { name: string; namespace: string };
    return objectOf('NetworkPolicy', name, object, namespace);
  });
  const { workloads } = workloadsOf(objects);
  const reach = new Connectivity('default', [...objects, ...written], workloads);
  return workloads.flatMap((from, source) =>
    workloads.flatMap((to, destination) => {
      if (from === to) return [];
      const open = reach.between(reach.classOf[source]!, reach.classOf[destination]!);
      return reach.connections
        .ranges(open)
        .map((range) => `${from.name} ${to.name} ${range.protocol} ${range.from}-${range.to}`);
    }),
  );
}

/** What the shapes say is needed, told without anything of what is tested. */
function wanted(list: readonly Shape[]): string[] {
  const pairs = list.flatMap(({ calls }, at) =>
    calls.flatMap(({ whom, port }) => {
      const target = whom % list.length;
      return target === at ? [] : [`${nameOf(at)} ${nameOf(target)} TCP ${port}-${port}`];
    }),
  );
  return [...new Set(pairs)];
}

describe('compiled policies of random estates', () => {
  it('allow every connection between workloads that is needed, and nothing else', () => {
    fc.assert(
      fc.property(shapes, (list) => {
        const objects = estateOf(list);
        const { policies, flows } = compiled(objects);
        expect(openPairs(objects, policies).sort()).toEqual(wanted(list).sort());
        expect(flows.every(({ after }) => after)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('cut nothing that is needed where labels tell not everybody apart, and where other policies are', () => {
    const policy = fc
      .record({
        namespace: fc.constantFrom(...NAMESPACES),
        tier: fc.constantFrom('x', 'y'),
        direction: fc.constantFrom('ingress', 'egress'),
        open: fc.boolean(),
      })
      .map(({ namespace, tier, direction, open }) =>
        policyOf(
          `${direction}-${tier}-${open}`,
          {
            podSelector: { matchLabels: { tier } },
            policyTypes: [direction === 'ingress' ? 'Ingress' : 'Egress'],
            [direction]: open ? [{}] : [],
          },
          namespace,
        ),
      );
    const loose = fc.array(fc.tuple(shape, fc.boolean()), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(loose, fc.array(policy, { maxLength: 3 }), (list, others) => {
        const drawn = list.map(([one, named]) => ({ ...one, named: named || one.tier === undefined }));
        const objects = [...estateOf(drawn), ...others];
        const { policies, flows } = compiled(objects);
        const open = openPairs(objects, policies);
        for (const { flow, after } of flows) expect(after, flow.why).toBe(true);
        /* Services lead by the label of its own: who has none is called by nobody. */
        for (const pair of wanted(drawn).filter((one) => drawn[Number(one.split(' ')[1]!.slice(1))]!.named)) {
          const [from, to, protocol, range] = pair.split(' ') as [string, string, string, string];
          const port = Number(range.split('-')[0]);
          const holds = open.some((one) => {
            const [source, target, spoken, some] = one.split(' ') as [string, string, string, string];
            const [first, last] = some.split('-').map(Number) as [number, number];
            return source === from && target === to && spoken === protocol && first <= port && port <= last;
          });
          expect(holds, pair).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are the same for the same estate in another order', () => {
    fc.assert(
      fc.property(shapes, (list) => {
        const objects = estateOf(list);
        expect(compiled([...objects].reverse()).policies).toEqual(compiled(objects).policies);
      }),
      { numRuns: 50 },
    );
  });
});
