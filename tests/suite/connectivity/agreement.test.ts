import { workloadsOf } from '@breakwater/engine/inventory';
import { parseAddress } from '@breakwater/engine/network';
import { Connectivity, explain, membersOf } from '@breakwater/engine/network/connectivity';
import type { JsonObject, ManifestObject } from '@breakwater/model';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RandomEstate, randomEstates } from './random-estates.ts';
import { type End, isAllowed, type Policy } from './reference.ts';

const ESTATES = Number(process.env['BREAKWATER_ESTATES'] ?? 300);
const ADDRESSES = ['10.1.2.3', '10.9.9.9', '203.0.113.7', '8.8.8.8', 'fd00:0:0:0:0:0:0:1', '2001:db8:0:0:0:0:0:1'];
const HOSTS = ['api.example.com', 'www.example.com', 'example.org'];
/** One of each part of the private ranges that the CIDRs of random estates tell apart. */
const NODES = [
  '10.1.2.3',
  '10.9.9.9',
  '10.2.0.1',
  '192.168.1.1',
  'fd00:0:0:0:0:0:0:1',
  'fd01:0:0:0:0:0:0:1',
  'fe80:0:0:0:0:0:0:1',
];
const PORTS = [1, 2, 53, 54, 79, 80, 81, 82, 442, 443, 8079, 8080, 65534, 65535];
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];

/** What valid policies may leave in doubt. */
const EXPECTED = new Set(['network-policy-named-port-outside', 'network-policy-addresses-of-pods']);

describe('connectivity', () => {
  it(`agrees with the specification on every pair and port of ${ESTATES} random estates`, () => {
    const property = fc.property(randomEstates, (estate) => {
      const { reach, ends } = analyse(estate);
      const world = { ...estate, policies: estate.policies as unknown as Policy[], nodeAddresses: NODES };
      expect(reach.problems.filter(({ code }) => !EXPECTED.has(code))).toEqual([]);
      for (const [source, from] of ends)
        for (const [destination, to] of ends) {
          if (!('pod' in from || 'pod' in to) || 'host' in from) continue;
          const ranges = reach.connections.ranges(reach.between(source, destination));
          for (const protocol of PROTOCOLS)
            for (const port of PORTS) {
              const ours = ranges.some(
                (range) => range.protocol === protocol && range.from <= port && port <= range.to,
              );
              if (ours !== isAllowed(world, from, to, protocol, port))
                throw new Error(`${JSON.stringify(from)} to ${JSON.stringify(to)} ${protocol} ${port}: ${ours}`);
            }
        }
    });
    fc.assert(property, { numRuns: ESTATES });
  }, 300_000);

  it('says in rows of all sources what it says of each pair, and explains each part by the verdict it has', () => {
    const property = fc.property(randomEstates, (estate) => {
      const { reach } = analyse(estate);
      const inRows = new Map<string, number>();
      for (const { destination, sources, connections } of reach.rows())
        for (const source of membersOf(sources)) inRows.set(`${source} ${destination}`, connections);
      const inGroups = new Map<string, number>();
      for (const { destination, sources, connections } of reach.groupRows())
        for (const source of reach.endsOf(sources))
          for (const end of reach.groups.destinations[destination]!.ends) inGroups.set(`${source} ${end}`, connections);
      expect(inGroups).toEqual(inRows);
      for (const [source, from] of reach.endpoints.entries())
        for (const [destination, to] of reach.endpoints.entries()) {
          if (from.kind === 'unseen' || to.kind === 'unseen' || to.kind === 'stranger') continue;
          if (from.kind === 'external' && from.range.domain !== undefined) continue;
          const between = reach.between(source, destination);
          expect(inRows.get(`${source} ${destination}`) ?? reach.connections.none).toBe(between);
          const allowed = explain(reach, source, destination)
            .filter((part) => part.allowed)
            .reduce((set, { connections }) => reach.connections.union(set, connections), reach.connections.none);
          expect(reach.connections.ranges(allowed)).toEqual(reach.connections.ranges(between));
        }
    });
    fc.assert(property, { numRuns: Math.ceil(ESTATES / 3) });
  }, 300_000);
});

/** The engine's answer, and the ends by their numbers as the reference knows them. */
function analyse({ namespaces, pods, policies }: RandomEstate): { reach: Connectivity; ends: [number, End][] } {
  const objects = [
    ...Object.entries(namespaces).map(([name, labels]) =>
      manifestOf({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }),
    ),
    ...pods.map((pod, index) => manifestOf(podObject(pod, index))),
    ...policies.map(manifestOf),
  ];
  const { workloads } = workloadsOf(objects);
  const reach = new Connectivity('default', objects, workloads);
  const outside = ADDRESSES.map((address): [number, End] => {
    const { family, value } = parseAddress(address)!;
    const holds = (end: (typeof reach.endpoints)[number]): boolean =>
      end.kind === 'external' &&
      end.range.spans.some((span) => span.family === family && span.first <= value && value <= span.last);
    return [reach.endpoints.findIndex(holds), { address }];
  });
  const hosts = HOSTS.flatMap((host): [number, End][] => {
    const number = reach.endpoints.findIndex((end) => end.kind === 'external' && end.range.domain === host);
    return number < 0 ? [] : [[number, { host }]];
  });
  return {
    reach,
    ends: [...hosts, ...pods.map((pod, index): [number, End] => [reach.classOf[index]!, { pod }]), ...outside],
  };
}

function podObject({ namespace, labels, ports, onHost }: RandomEstate['pods'][number], index: number): JsonObject {
  const declared = ports.map(({ name, protocol, port }) => ({ name, protocol, containerPort: port }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `p${index}`, namespace, labels },
    spec: { hostNetwork: onHost, containers: [{ name: 'c', image: 'registry.example/c:1', ports: declared }] },
  };
}

function manifestOf(object: JsonObject): ManifestObject {
  const { name, namespace } = object['metadata'] as { name: string; namespace?: string };
  const { apiVersion, kind } = object as { apiVersion: string; kind: string };
  return {
    apiVersion,
    kind,
    name,
    namespace: namespace ?? '',
    cluster: 'default',
    object,
    place: { source: 'random' },
  };
}
