import type { JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { objectOf, policyOf } from '../estate.fixture.ts';
import { collectPolicies } from './collect-policies.ts';

const everyone = { namespaces: {} };
const version = 'policy.networking.k8s.io/v1alpha1';
const admin = (spec: JsonObject, name = 'base'): ManifestObject =>
  objectOf('AdminNetworkPolicy', name, { spec: { subject: everyone, priority: 5, ...spec } }, '', version);
const baseline = (spec: JsonObject, name = 'default'): ManifestObject =>
  objectOf('BaselineAdminNetworkPolicy', name, { spec: { subject: everyone, ...spec } }, '', version);
const cluster = (spec: JsonObject, name = 'base'): ManifestObject =>
  objectOf(
    'ClusterNetworkPolicy',
    name,
    { spec: { tier: 'Admin', subject: everyone, priority: 5, ...spec } },
    '',
    version,
  );
const out = (rule: JsonObject): JsonObject => ({ egress: [{ action: 'Deny', to: [everyone], ...rule }] });
const within = (rule: JsonObject): JsonObject => ({ ingress: [{ action: 'Deny', from: [everyone], ...rule }] });
const from = (peer: JsonObject): ManifestObject => policyOf('p', { podSelector: {}, ingress: [{ from: [peer] }] });
const on = (one: JsonObject): ManifestObject => policyOf('p', { podSelector: {}, ingress: [{ ports: [one] }] });
const port = (one: JsonObject): JsonObject => out({ ports: [one] });

const problemsOf = (...objects: ManifestObject[]): string[] =>
  collectPolicies(objects).problems.map(({ code }) => code);

describe('policies that the API server refuses', () => {
  it.each<[what: string, ManifestObject]>([
    ['no priority', admin({ priority: null })],
    ['a priority above 1000', admin({ priority: 1001 })],
    ['a priority below 0', admin({ priority: -1 })],
    ['a priority that is no integer', cluster({ priority: 1.5 })],
    ['no subject', admin({ subject: null })],
    ['a subject of two kinds', admin({ subject: { namespaces: {}, pods: {} } })],
    ['a subject of addresses', admin({ subject: { networks: ['10.0.0.0/8'] } })],
    ['an action of another kind of policy', cluster(out({ action: 'Allow' }))],
    ['an action that is none', admin(out({ action: 'Drop' }))],
    ['a baseline that passes', baseline(out({ action: 'Pass' }))],
    ['a baseline of another name', baseline({}, 'base')],
    ['a rule without peers', admin(out({ to: null }))],
    ['a peer of two kinds', admin(out({ to: [{ namespaces: {}, pods: {} }] }))],
    ['a peer of no kind', admin(out({ to: [{}] }))],
    ['addresses that may come in', admin(within({ from: [{ networks: ['10.0.0.0/8'] }] }))],
    ['a CIDR that is none', admin(out({ to: [{ networks: ['10.0.0.0/33'] }] }))],
    ['a domain name that is none', admin(out({ action: 'Allow', to: [{ domainNames: ['*'] }] }))],
    ['a domain name that is denied', admin(out({ to: [{ domainNames: ['example.com'] }] }))],
    ['an empty list of networks', admin(out({ to: [{ networks: [] }] }))],
    [
      'a selector with an unknown operator',
      admin({ subject: { namespaces: { matchExpressions: [{ key: 'a', operator: 'Is' }] } } }),
    ],
    ['a port of two kinds', admin(port({ namedPort: 'web', portNumber: { port: 80 } }))],
    ['a port out of range', admin(port({ portNumber: { port: 70000 } }))],
    ['a range that ends before it starts', admin(port({ portRange: { start: 9, end: 8 } }))],
    ['a protocol that is none', admin(port({ portNumber: { protocol: 'ICMP', port: 8 } }))],
    ['a tier that is none', cluster({ tier: 'Middle' })],
    ['a protocol without anything of it', cluster(out({ protocols: [{ sctp: {} }] }))],
    ['no protocol in a list of them', cluster(out({ protocols: [] }))],
    [
      'a range of one port',
      cluster(out({ protocols: [{ tcp: { destinationPort: { range: { start: 1, end: 1 } } } }] })),
    ],
    [
      'a name of a port for addresses',
      cluster(out({ to: [{ networks: ['10.0.0.0/8'] }], protocols: [{ destinationNamedPort: 'web' }] })),
    ],
    ['more than 25 peers', cluster(out({ to: Array.from({ length: 26 }, () => everyone) }))],
    ['pods without a selector of them', cluster(out({ to: [{ pods: { namespaceSelector: {} } }] }))],
    [
      'a destination port of two kinds',
      cluster(out({ protocols: [{ tcp: { destinationPort: { number: 1, range: {} } } }] })),
    ],
    [
      'more than a hundred rules',
      admin({ egress: Array.from({ length: 101 }, () => ({ action: 'Deny', to: [everyone] })) }),
    ],
    [
      'a NetworkPolicy whose endPort is below its port',
      policyOf('p', { podSelector: {}, egress: [{ ports: [{ port: 10, endPort: 1 }] }] }),
    ],
    ['a NetworkPolicy whose label has no legal value', policyOf('p', { podSelector: { matchLabels: { a: 'b c' } } })],
    ['a NetworkPolicy without a spec', objectOf('NetworkPolicy', 'p', {})],
    ['a direction that is none', policyOf('p', { podSelector: {}, policyTypes: ['Both'] })],
    ['rules that are no list', policyOf('p', { podSelector: {}, ingress: { from: [] } })],
    ['a peer that names nobody', policyOf('p', { podSelector: {}, ingress: [{ from: [{}] }] })],
    ['addresses beside pods', from({ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} })],
    ['a block that is no CIDR', from({ ipBlock: { cidr: '10.0.0.0/33' } })],
    ['a block of a single address', from({ ipBlock: { cidr: '10.0.0.1' } })],
    ['a block with octets beyond 255', from({ ipBlock: { cidr: '10.0.0.256/24' } })],
    ['an exception outside its block', from({ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } })],
    ['an exception that is all of its block', from({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] } })],
    ['an exception of another family', from({ ipBlock: { cidr: '10.0.0.0/8', except: ['fd00::/16'] } })],
    ['port 0', on({ port: 0 })],
    ['port 65536', on({ port: 65_536 })],
    ['a port with a fraction', on({ port: 80.5 })],
    ['a name of a port in capitals', on({ port: 'Web' })],
    ['a name of a port that is too long', on({ port: 'a-name-of-16-chr' })],
    ['a name of a port of digits alone', on({ port: '8080' })],
    ['an endPort without a port', on({ endPort: 90 })],
    ['an endPort beside a name', on({ port: 'web', endPort: 90 })],
    ['a protocol in small letters', on({ protocol: 'tcp', port: 80 })],
    ['a protocol that has no ports', on({ protocol: 'ICMP' })],
    [
      'an operator without values',
      policyOf('p', { podSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } }),
    ],
    [
      'an operator that takes no values with some',
      policyOf('p', { podSelector: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] } }),
    ],
    ['a label key that is too long', policyOf('p', { podSelector: { matchLabels: { ['a'.repeat(64)]: 'b' } } })],
    ['a label that is a number', policyOf('p', { podSelector: { matchLabels: { a: 1 } } })],
  ])('are problems with a place, and take no part: %s', (_, object) => {
    const { policies, problems } = collectPolicies([object]);
    expect(policies).toEqual([]);
    expect(problems).toMatchObject([{ code: 'network-policy-invalid', place: object.place }]);
  });

  it('are told too where only one may be, where the order is not defined, and where a rule can never be met', () => {
    expect(problemsOf(baseline(out({})), baseline(within({})))).toEqual(['network-policy-duplicate']);
    expect(problemsOf(baseline(out({})), baseline(out({})))).toEqual(['network-policy-duplicate']);
    expect(problemsOf(admin(out({})), admin(out({}), 'other'))).toEqual(['network-policy-order']);
    expect(problemsOf(admin(out({})), admin(within({})))).toEqual(['network-policy-duplicate']);
    expect(problemsOf(cluster(out({})), cluster({ tier: 'Baseline' }, 'other'))).toEqual([]);
    const named = {
      podSelector: {},
      egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [{ port: 'web' }] }],
    };
    expect(problemsOf(policyOf('p', named))).toEqual(['network-policy-named-port-outside']);
  });

  it('are told where a rule of an older kind is about every address, before any about all pods', () => {
    const all = { action: 'Deny', to: [{ networks: ['0.0.0.0/0'] }] };
    const inside = { action: 'Allow', to: [everyone] };
    expect(problemsOf(admin({ egress: [all] }))).toEqual(['network-policy-addresses-of-pods']);
    expect(problemsOf(baseline({ egress: [all] }))).toEqual(['network-policy-addresses-of-pods']);
    expect(problemsOf(admin({ egress: [inside, all] }))).toEqual([]);
    expect(problemsOf(cluster({ egress: [all] }))).toEqual([]);
  });

  it('are not those with every character that a label may have, and every form that a rule may have', () => {
    const labels = { 'a.b-c9/E.f-g_H0': 'A.b-c_9', empty: '', x: 'a'.repeat(63) };
    const rules: JsonObject[] = [
      {},
      { from: [] },
      { ports: [{}] },
      { ports: [{ port: 1, endPort: 65_535 }] },
      { ports: [{ port: 'a-1' }] },
    ];
    const spec = { podSelector: { matchLabels: labels }, ingress: rules, policyTypes: ['Ingress', 'Egress'] };
    expect(problemsOf(policyOf('p', spec), policyOf('q', { podSelector: null, egress: null }))).toEqual([]);
  });

  it('are not those that it takes: the same policy twice, all kinds of peers and ports', () => {
    const rule: JsonObject = {
      to: [{ nodes: {} }, { networks: ['fd00::/8'] }, { domainNames: ['*.example.com'] }],
      action: 'Allow',
    };
    expect(problemsOf(admin(out({})), admin(out({})))).toEqual([]);
    expect(
      problemsOf(admin(out({ ...rule, ports: [{ namedPort: 'web' }, { portRange: { start: 1, end: 2 } }] }))),
    ).toHaveLength(1);
    expect(problemsOf(admin(out(rule)))).toEqual([]);
    expect(
      problemsOf(
        cluster(out({ protocols: [{ sctp: { destinationPort: { number: 9 } } }, { destinationNamedPort: 'web' }] })),
      ),
    ).toEqual([]);
  });
});
