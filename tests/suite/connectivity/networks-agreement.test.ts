import { workloadsOf } from '@breakwater/engine/inventory';
import { type NetworkReach, reachOfNetworks } from '@breakwater/engine/network/connectivity';
import type { JsonObject, ManifestObject } from '@breakwater/model';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RandomNetworks, randomNetworks } from './random-networks.ts';
import { type Direction, type End, lets, type Policy, type World } from './reference.ts';

const ESTATES = Number(process.env['BREAKWATER_ESTATES'] ?? 200);
const PORTS = [1, 53, 80, 81, 443, 8080, 65535];
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const ALLOWED = 'k8s.ovn.org/primary-user-defined-network';
/** No random problem, and no pod whose address is not known. */
const EXPECTED = new Set([
  'network-policy-named-port-outside',
  'network-policy-addresses-of-pods',
  'network-not-allowed',
]);

type PodEnd = Extract<End, { pod: unknown }>;

describe('networks beside the pod network', () => {
  it(`agree with the specification on every pair of pods and port of ${ESTATES} random estates`, () => {
    const property = fc.property(randomNetworks, (networks) => {
      const { reached, problems } = analyse(networks);
      expect(problems.filter((code) => !EXPECTED.has(code))).toEqual([]);
      const pods = networks.estate.pods.map((pod): PodEnd => ({ pod }));
      for (const [source, from] of pods.entries())
        for (const [destination, to] of pods.entries())
          for (const protocol of PROTOCOLS)
            for (const port of PORTS) {
              const ours = reached(source, destination, protocol, port);
              if (source !== destination && ours !== isAllowed(networks, source, destination, { protocol, port }))
                throw new Error(`${JSON.stringify(from)} to ${JSON.stringify(to)} ${protocol} ${port}: ${ours}`);
            }
    });
    fc.assert(property, { numRuns: ESTATES });
  }, 300_000);
});

/** Whether two pods share a network in which both directions let the connection pass. */
function isAllowed(
  networks: RandomNetworks,
  source: number,
  destination: number,
  { protocol, port }: { protocol: string; port: number },
): boolean {
  const { pods, namespaces, policies } = networks.estate;
  const [from, to] = [pods[source]!, pods[destination]!];
  const world: World = { namespaces, policies: policies as unknown as Policy[], nodeAddresses: NODES };
  const pass = (one: PodEnd, other: PodEnd, seen: (subject: number) => World): boolean => {
    const traffic = { destination: other, protocol, port };
    const side = (direction: Direction, subject: number, a: PodEnd, b: PodEnd): boolean =>
      lets(seen(subject), direction, a, b, traffic);
    return side('egress', source, one, other) && side('ingress', destination, other, one);
  };
  if (primaryOf(networks, source) === primaryOf(networks, destination) && pass({ pod: from }, { pod: to }, () => world))
    return true;
  if (from.onHost || to.onHost) return false;
  return ['one', 'other'].some((network) => {
    const on = (pod: number) =>
      networks.attachments[pod]!.filter(({ definition }) => networks.definitions[definition] === network);
    const [mine, theirs] = [on(source), on(destination)];
    if (mine.length === 0 || theirs.length === 0) return false;
    const seen = (subject: number): World => ({ namespaces, policies: multiPolicies(networks, on(subject)) });
    const end = (pod: (typeof pods)[number], attached: typeof mine): PodEnd => ({
      pod: { ...pod, address: attached[0]!.address },
    });
    return pass(end(from, mine), end(to, theirs), seen);
  });
}

const NODES = [
  '10.1.2.3',
  '10.9.9.9',
  '10.2.0.1',
  '192.168.1.1',
  'fd00:0:0:0:0:0:0:1',
  'fd01:0:0:0:0:0:0:1',
  'fe80:0:0:0:0:0:0:1',
];

function primaryOf({ estate, allowed, own, shared }: RandomNetworks, pod: number): string {
  const { namespace, onHost } = estate.pods[pod]!;
  if (onHost || !allowed.includes(namespace)) return 'pods';
  if (shared && estate.namespaces[namespace]!['env'] === 'x') return 'shared';
  return own.includes(namespace) ? namespace : 'pods';
}

function multiPolicies({ multi }: RandomNetworks, attached: { definition: string }[]): Policy[] {
  return multi
    .filter(({ target }) => attached.some(({ definition }) => definition === target))
    .map(({ namespace, spec }) => ({ kind: 'NetworkPolicy', metadata: { namespace }, spec }) as unknown as Policy);
}

function analyse(networks: RandomNetworks): {
  reached(source: number, destination: number, protocol: string, port: number): boolean;
  problems: string[];
} {
  const objects = objectsOf(networks).map(manifestOf);
  const found = reachOfNetworks('default', objects, workloadsOf(objects).workloads);
  const numbers = found.networks.map((one) => ({
    one,
    at: new Map(one.reach.workloads.map(({ name }, at) => [name, at])),
  }));
  const reached = (source: number, destination: number, protocol: string, port: number): boolean =>
    numbers.some(({ one, at }) => inOne(one, at.get(`p${source}`), at.get(`p${destination}`), protocol, port));
  return { reached, problems: found.problems.map(({ code }) => code) };
}

function inOne(
  { reach }: NetworkReach,
  source: number | undefined,
  destination: number | undefined,
  protocol: string,
  port: number,
): boolean {
  if (source === undefined || destination === undefined) return false;
  return reach.connections.holds(reach.between(reach.classOf[source]!, reach.classOf[destination]!), protocol, port);
}

function objectsOf({ estate, allowed, own, shared, definitions, attachments, multi }: RandomNetworks): JsonObject[] {
  const layer2 = { topology: 'Layer2', layer2: { role: 'Primary' } };
  const named = (kind: string, apiVersion: string, name: string, rest: JsonObject, namespace?: string): JsonObject => {
    const metadata = {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(rest['metadata'] as JsonObject | undefined),
    };
    return { apiVersion, kind, ...rest, metadata };
  };
  return [
    ...Object.entries(estate.namespaces).map(([name, labels]) =>
      named('Namespace', 'v1', name, {
        metadata: { labels: { ...labels, ...(allowed.includes(name) && { [ALLOWED]: '' }) } },
      }),
    ),
    ...estate.pods.map(({ namespace, labels, ports, onHost }, index) => {
      const asked = attachments[index]!.map(({ definition, address }) => {
        const [inside, name] = definition.split('/');
        return { name, namespace: inside, ips: [`${address}/16`] };
      });
      const annotations = { 'k8s.v1.cni.cncf.io/networks': JSON.stringify(asked) };
      const containers = [
        { name: 'c', image: 'c:1', ports: ports.map(({ port, ...rest }) => ({ ...rest, containerPort: port })) },
      ];
      return named(
        'Pod',
        'v1',
        `p${index}`,
        { metadata: { labels, annotations }, spec: { hostNetwork: onHost, containers } },
        namespace,
      );
    }),
    ...own.map((namespace) => named('UserDefinedNetwork', 'k8s.ovn.org/v1', 'own', { spec: layer2 }, namespace)),
    ...(shared
      ? [
          named('ClusterUserDefinedNetwork', 'k8s.ovn.org/v1', 'shared', {
            spec: { namespaceSelector: { matchLabels: { env: 'x' } }, network: layer2 },
          }),
        ]
      : []),
    ...Object.entries(definitions).map(([definition, name]) => {
      const config = JSON.stringify({ name, type: 'macvlan' });
      return named(
        'NetworkAttachmentDefinition',
        'k8s.cni.cncf.io/v1',
        'lan',
        { spec: { config } },
        definition.split('/')[0],
      );
    }),
    ...multi.map(({ namespace, target, spec }, at) => {
      const annotations = { 'k8s.v1.cni.cncf.io/policy-for': target };
      return named(
        'MultiNetworkPolicy',
        'k8s.cni.cncf.io/v1beta1',
        `m${at}`,
        { metadata: { annotations }, spec },
        namespace,
      );
    }),
    ...estate.policies,
  ];
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
