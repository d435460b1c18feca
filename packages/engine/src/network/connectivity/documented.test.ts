import type { JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { workloadsOf } from '../../inventory/index.ts';
import { objectOf, policyOf } from '../estate.fixture.ts';
import { Connectivity } from './connectivity.ts';

/** Namespaces of the estate that every case is asked about, each with a pod `web` and a pod `db`. */
const SPACES: Record<string, JsonObject> = { prod: { env: 'prod', team: 'shop' }, test: { env: 'test', team: 'shop' } };
const PORTS: Record<string, number> = { web: 8080, db: 5432 };

function estate(policies: readonly ManifestObject[]): Connectivity {
  const pod = (name: string, namespace: string): ManifestObject =>
    objectOf(
      'Pod',
      name,
      {
        metadata: { labels: { app: name, ...(name === 'db' && { tier: 'data' }) } },
        spec: {
          containers: [
            {
              name: 'c',
              image: 'c:1',
              ports: [
                { name: 'main', containerPort: PORTS[name]! },
                { name: 'main-udp', containerPort: 53, protocol: 'UDP' },
              ],
            },
          ],
        },
      },
      namespace,
    );
  const objects = [
    ...Object.entries(SPACES).map(([name, labels]) => objectOf('Namespace', name, { metadata: { labels } }, '')),
    ...Object.keys(SPACES).flatMap((namespace) => [pod('web', namespace), pod('db', namespace)]),
    ...policies,
  ];
  return new Connectivity('default', objects, workloadsOf(objects).workloads);
}

function allows(reach: Connectivity, from: string, to: string, port: number, protocol = 'TCP'): boolean {
  const end = (name: string): number =>
    reach.classOf[reach.workloads.findIndex((one) => `${one.namespace}/${one.name}` === name)]!;
  return reach.connections.holds(reach.between(end(from), end(to)), protocol, port);
}

const rule = (spec: JsonObject): ManifestObject => policyOf('p', { podSelector: {}, ...spec }, 'prod');
const labelled = (app: string): JsonObject => ({ podSelector: { matchLabels: { app } } });
const inEnv = (env: string): JsonObject => ({ namespaceSelector: { matchLabels: { env } } });
const admin = (kind: string, name: string, spec: JsonObject): ManifestObject =>
  objectOf(kind, name, { spec: { subject: { namespaces: {} }, ...spec } }, '', 'policy.networking.k8s.io/v1alpha1');
const ANYBODY = { namespaces: {} };

type Case = [
  words: string,
  policies: ManifestObject[],
  asked: [from: string, to: string, port: number, allowed: boolean][],
];

describe('what the documentation of policies says', () => {
  it.each<Case>([
    [
      'a pod that no policy selects takes everything, and sends everything',
      [policyOf('p', { podSelector: { matchLabels: { app: 'db' } } }, 'prod')],
      [
        ['test/web', 'prod/web', 1, true],
        ['prod/web', 'prod/db', 5432, false],
        ['prod/db', 'test/web', 1, true],
      ],
    ],
    [
      'an empty rule lets everybody in; no rules let nobody in',
      [rule({ ingress: [{}] }), policyOf('q', { podSelector: {}, policyTypes: ['Ingress'] }, 'test')],
      [
        ['test/web', 'prod/db', 9, true],
        ['prod/web', 'test/db', 9, false],
        ['test/web', 'test/db', 9, false],
      ],
    ],
    [
      'namespaceSelector and podSelector in one element are both asked; in two either will do',
      [rule({ ingress: [{ from: [{ ...inEnv('test'), ...labelled('web') }] }] })],
      [
        ['test/web', 'prod/db', 1, true],
        ['test/db', 'prod/db', 1, false],
        ['prod/web', 'prod/db', 1, false],
      ],
    ],
    [
      'two elements are two ways in',
      [rule({ ingress: [{ from: [inEnv('test'), labelled('web')] }] })],
      [
        ['test/db', 'prod/db', 1, true],
        ['prod/web', 'prod/db', 1, true],
        ['prod/db', 'prod/web', 1, false],
      ],
    ],
    [
      'egress rules count only where the policy is about egress, and by themselves make it so',
      [
        rule({ egress: [{ to: [labelled('db')] }] }),
        policyOf('q', { podSelector: {}, policyTypes: ['Ingress'], egress: [] }, 'test'),
      ],
      [
        ['prod/web', 'prod/db', 1, false],
        ['prod/web', 'test/db', 1, false],
        ['test/web', 'prod/db', 1, false],
      ],
    ],
    [
      'both sides must agree',
      [
        rule({
          podSelector: { matchLabels: { app: 'web' } },
          policyTypes: ['Egress'],
          egress: [{ to: [labelled('db')], ports: [{ port: 5432 }] }],
        }),
        policyOf(
          'q',
          { podSelector: { matchLabels: { app: 'db' } }, ingress: [{ ports: [{ port: 5432 }, { port: 9100 }] }] },
          'prod',
        ),
      ],
      [
        ['prod/web', 'prod/db', 5432, true],
        ['prod/web', 'prod/db', 9100, false],
        ['test/web', 'prod/db', 9100, true],
      ],
    ],
    [
      'policies add up',
      [
        rule({ ingress: [{ ports: [{ port: 80 }] }] }),
        policyOf('q', { podSelector: {}, ingress: [{ from: [inEnv('test')] }] }, 'prod'),
      ],
      [
        ['prod/web', 'prod/db', 80, true],
        ['prod/web', 'prod/db', 81, false],
        ['test/web', 'prod/db', 81, true],
      ],
    ],
    [
      'a named port is what each pod calls so, of the protocol of the rule',
      [rule({ ingress: [{ ports: [{ port: 'main' }, { port: 'main-udp', protocol: 'TCP' }] }] })],
      [
        ['test/web', 'prod/web', 8080, true],
        ['test/web', 'prod/db', 8080, false],
        ['test/web', 'prod/db', 53, false],
      ],
    ],
    [
      'endPort makes a range, both ends in it',
      [rule({ ingress: [{ ports: [{ port: 32_000, endPort: 32_768 }] }] })],
      [
        ['test/web', 'prod/db', 32_000, true],
        ['test/web', 'prod/db', 32_768, true],
        ['test/web', 'prod/db', 32_769, false],
      ],
    ],
    [
      'NotIn and DoesNotExist hold for pods without the label',
      [
        rule({
          ingress: [
            { from: [{ podSelector: { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['data'] }] } }] },
          ],
        }),
      ],
      [
        ['prod/web', 'prod/db', 1, true],
        ['prod/db', 'prod/web', 1, false],
        ['test/web', 'prod/web', 1, false],
      ],
    ],
    [
      'a namespace is targeted by the name that the API server labels it with',
      [
        rule({
          ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'test' } } }] }],
        }),
      ],
      [
        ['test/db', 'prod/web', 1, true],
        ['prod/db', 'prod/web', 1, false],
      ],
    ],
    [
      'a block of addresses is about nobody in the cluster',
      [rule({ ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] })],
      [['test/web', 'prod/web', 1, false]],
    ],
    [
      'an admin policy of a lower number is asked first, and its first rule that fits decides',
      [
        admin('AdminNetworkPolicy', 'second', { priority: 20, ingress: [{ action: 'Allow', from: [ANYBODY] }] }),
        admin('AdminNetworkPolicy', 'first', {
          priority: 10,
          ingress: [
            {
              action: 'Deny',
              from: [{ pods: { namespaceSelector: {}, ...labelled('db') } }],
              ports: [{ portNumber: { protocol: 'TCP', port: 80 } }],
            },
            { action: 'Allow', from: [{ pods: { namespaceSelector: {}, ...labelled('db') } }] },
          ],
        }),
        rule({}),
      ],
      [
        ['prod/db', 'prod/web', 80, false],
        ['prod/db', 'prod/web', 81, true],
        ['prod/web', 'prod/db', 80, true],
      ],
    ],
    [
      'Pass leaves it to NetworkPolicies, and to the baseline where there are none',
      [
        admin('AdminNetworkPolicy', 'a', {
          priority: 1,
          ingress: [
            { action: 'Pass', from: [ANYBODY] },
            { action: 'Deny', from: [ANYBODY] },
          ],
        }),
        admin('BaselineAdminNetworkPolicy', 'default', { ingress: [{ action: 'Deny', from: [ANYBODY] }] }),
        rule({ ingress: [{ from: [labelled('web')] }] }),
      ],
      [
        ['prod/web', 'prod/db', 1, true],
        ['test/web', 'prod/db', 1, false],
        ['prod/web', 'test/db', 1, false],
      ],
    ],
    [
      'the baseline is asked only for pods that no NetworkPolicy selects',
      [
        admin('BaselineAdminNetworkPolicy', 'default', { ingress: [{ action: 'Deny', from: [ANYBODY] }] }),
        rule({ ingress: [{}] }),
      ],
      [
        ['test/web', 'prod/db', 1, true],
        ['prod/web', 'test/db', 1, false],
      ],
    ],
    [
      'a policy of the cluster has a tier of its own choice',
      [
        admin('ClusterNetworkPolicy', 'a', {
          tier: 'Admin',
          priority: 1,
          ingress: [
            {
              action: 'Accept',
              from: [{ namespaces: { matchLabels: { env: 'test' } } }],
              protocols: [{ tcp: { destinationPort: { range: { start: 80, end: 90 } } } }],
            },
          ],
        }),
        admin('ClusterNetworkPolicy', 'b', {
          tier: 'Baseline',
          priority: 1,
          ingress: [{ action: 'Deny', from: [ANYBODY] }],
        }),
        rule({}),
      ],
      [
        ['test/web', 'prod/db', 85, true],
        ['test/web', 'prod/db', 91, false],
        ['prod/web', 'test/db', 85, false],
      ],
    ],
    [
      'networks of a policy of the cluster hold the addresses of pods too, where no rule before says otherwise',
      [
        admin('ClusterNetworkPolicy', 'a', {
          tier: 'Admin',
          priority: 1,
          egress: [
            { action: 'Pass', to: [{ namespaces: { matchLabels: { env: 'test' } } }] },
            { action: 'Deny', to: [{ networks: ['0.0.0.0/0'] }] },
          ],
        }),
      ],
      [
        ['prod/web', 'test/db', 1, true],
        ['prod/web', 'prod/db', 1, false],
      ],
    ],
    [
      'a named port of an admin policy is what each pod calls so, of any protocol',
      [
        admin('AdminNetworkPolicy', 'a', {
          priority: 1,
          ingress: [
            { action: 'Allow', from: [ANYBODY], ports: [{ namedPort: 'main' }] },
            { action: 'Deny', from: [ANYBODY] },
          ],
        }),
      ],
      [
        ['prod/web', 'prod/db', 5432, true],
        ['prod/db', 'prod/web', 8080, true],
        ['prod/db', 'prod/web', 5432, false],
      ],
    ],
    [
      'ports of a rule without a protocol are of TCP, and what is denied on them is open on others',
      [
        admin('AdminNetworkPolicy', 'a', {
          priority: 1,
          egress: [{ action: 'Deny', to: [ANYBODY], ports: [{ portRange: { start: 1, end: 1023 } }] }],
        }),
      ],
      [
        ['prod/web', 'prod/db', 80, false],
        ['prod/web', 'prod/db', 1024, true],
      ],
    ],
  ])('%s', (_, policies, asked) => {
    const reach = estate(policies);
    expect(reach.problems).toEqual([]);
    expect(asked.map(([from, to, port]) => [from, to, port, allows(reach, from, to, port)])).toEqual(asked);
  });
});
