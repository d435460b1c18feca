import type { JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { workloadsOf } from '../../../inventory/index.ts';
import { objectOf } from '../../estate.fixture.ts';
import { nameOfNetwork } from './network.ts';
import { type ClusterReach, reachOfNetworks } from './reach-of-networks.ts';

const PRIMARY = { 'k8s.ovn.org/primary-user-defined-network': '' };
const namespace = (name: string, labels: JsonObject = PRIMARY): ManifestObject =>
  objectOf('Namespace', name, { metadata: { labels } }, '', 'v1');
const pod = (name: string, inside: string, annotation?: string): ManifestObject =>
  objectOf(
    'Pod',
    name,
    {
      metadata: {
        labels: { app: name },
        ...(annotation !== undefined && { annotations: { 'k8s.v1.cni.cncf.io/networks': annotation } }),
      },
      spec: { containers: [{ name: 'c', image: 'c:1' }] },
    },
    inside,
    'v1',
  );
const user = (name: string, inside: string, spec: JsonObject): ManifestObject =>
  objectOf('UserDefinedNetwork', name, { spec }, inside, 'k8s.ovn.org/v1');
const layer2 = (role: string, rest: JsonObject = {}): JsonObject => ({ topology: 'Layer2', layer2: { role, ...rest } });
const ofCluster = (name: string, network: JsonObject, selector: JsonObject = {}): ManifestObject =>
  objectOf('ClusterUserDefinedNetwork', name, { spec: { namespaceSelector: selector, network } }, '', 'k8s.ovn.org/v1');
const attachment = (name: string, inside: string, config?: JsonObject | string): ManifestObject =>
  objectOf(
    'NetworkAttachmentDefinition',
    name,
    { spec: config === undefined ? {} : { config: typeof config === 'string' ? config : JSON.stringify(config) } },
    inside,
    'k8s.cni.cncf.io/v1',
  );
const multi = (name: string, inside: string, target: string, spec: JsonObject): ManifestObject =>
  objectOf(
    'MultiNetworkPolicy',
    name,
    { metadata: { annotations: { 'k8s.v1.cni.cncf.io/policy-for': target } }, spec },
    inside,
    'k8s.cni.cncf.io/v1beta1',
  );

const reachIn = (objects: ManifestObject[]): ClusterReach =>
  reachOfNetworks('default', objects, workloadsOf(objects).workloads);
/** `web->db` for every pair of workloads that can connect, by network. */
function pairsIn(objects: ManifestObject[]): Record<string, string[]> {
  return Object.fromEntries(
    reachIn(objects).networks.map(({ network, reach }) => [
      nameOfNetwork(network),
      reach.workloads.flatMap((from, source) =>
        reach.workloads.flatMap((to, destination) =>
          source !== destination &&
          reach.between(reach.classOf[source]!, reach.classOf[destination]!) !== reach.connections.none
            ? [`${from.name}->${to.name}`]
            : [],
        ),
      ),
    ]),
  );
}
const codesOf = (objects: ManifestObject[]): string[] => reachIn(objects).problems.map(({ code }) => code);

describe('networks of a cluster', () => {
  const pods = [pod('a', 'blue'), pod('b', 'blue'), pod('c', 'green'), pod('d', 'other')];
  const spaces = [namespace('blue'), namespace('green'), namespace('other', {})];

  it('keep pods of a primary network of a namespace to themselves, and policies about them', () => {
    const closed = objectOf(
      'NetworkPolicy',
      'p',
      { spec: { podSelector: { matchLabels: { app: 'b' } } } },
      'blue',
      'networking.k8s.io/v1',
    );
    expect(pairsIn([...spaces, ...pods, user('n', 'blue', layer2('Primary')), closed])).toEqual({
      'the pod network': ['c->d', 'd->c'],
      'UserDefinedNetwork blue/n': ['b->a'],
    });
  });

  it('join the namespaces that a network of the cluster selects, those alone that allow one', () => {
    const shared = ofCluster('team', layer2('Primary'));
    expect(pairsIn([...spaces, ...pods, shared])).toEqual({
      'the pod network': [],
      'ClusterUserDefinedNetwork team': ['a->b', 'a->c', 'b->a', 'b->c', 'c->a', 'c->b'],
    });
    expect(codesOf([...spaces, ...pods, shared])).toEqual(['network-not-allowed']);
  });

  it('put pods on secondary networks by annotation, in both of its forms, beside their primary one', () => {
    const definition = attachment('lan', 'blue', { name: 'lan', type: 'macvlan', plugins: [] });
    const listed = pod('e', 'green', '[{"name": "lan", "namespace": "blue", "ips": ["10.0.0.9/24"]}]');
    const objects = [...spaces, ...pods.slice(0, 1), pod('x', 'blue', ' lan@eth1 '), listed, definition];
    expect(pairsIn(objects)).toEqual({
      'the pod network': ['a->x', 'a->e', 'x->a', 'x->e', 'e->a', 'e->x'],
      'NetworkAttachmentDefinition lan': ['x->e', 'e->x'],
    });
  });

  it('let MultiNetworkPolicies decide on the attachments that they name, addresses and all', () => {
    const definition = attachment('lan', 'blue', { type: 'ovn-k8s-cni-overlay', subnets: '10.0.0.0/24' });
    const on = (name: string, ip?: string): ManifestObject =>
      pod(name, 'blue', ip === undefined ? 'lan' : `[{"name": "lan", "ips": ["${ip}"]}]`);
    const rule = (cidr: string): JsonObject => ({ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr } }] }] });
    const lan = 'NetworkAttachmentDefinition lan';
    const estate = [...spaces, on('one', '10.0.0.1'), on('two', '10.0.0.9'), on('any'), definition];
    expect(pairsIn([...estate, multi('m', 'blue', 'lan', rule('10.0.0.0/29'))])[lan]).toEqual(['one->two', 'one->any']);
    expect(pairsIn([...estate, multi('m', 'blue', 'lan', rule('10.0.0.0/24'))])[lan]).toHaveLength(6);
    expect(codesOf([...estate, multi('m', 'blue', 'lan', rule('10.0.0.0/29'))])).toEqual(['network-address-not-known']);
    expect(pairsIn([...estate, multi('m', 'blue', 'other/lan', rule('10.0.0.0/29'))])[lan]).toHaveLength(6);
  });

  it.each<[what: string, object: ManifestObject]>([
    ['no topology', user('n', 'blue', { layer2: { role: 'Primary' } })],
    ['a topology that is none', user('n', 'blue', { topology: 'Layer4', layer2: { role: 'Primary' } })],
    ['the configuration of another topology', user('n', 'blue', { topology: 'Layer2', layer3: { role: 'Primary' } })],
    ['two configurations', user('n', 'blue', { ...layer2('Primary'), layer3: { role: 'Primary' } })],
    ['Localnet of a namespace', user('n', 'blue', { topology: 'Localnet', localnet: { role: 'Secondary' } })],
    ['a primary Localnet', ofCluster('n', { topology: 'Localnet', localnet: { role: 'Primary' } })],
    ['no role', user('n', 'blue', { topology: 'Layer2', layer2: {} })],
    ['a role that is none', user('n', 'blue', layer2('primary'))],
    ['the name of the pod network', user('default', 'blue', layer2('Primary'))],
    ['a primary network of a namespace of the system', user('n', 'default', layer2('Primary'))],
    ['a subnet that is none', user('n', 'blue', layer2('Primary', { subnets: ['10.0.0.0/33'] }))],
    [
      'a selector that is none',
      ofCluster('n', layer2('Primary'), { matchExpressions: [{ key: 'a', operator: 'Is' }] }),
    ],
    [
      'no network',
      objectOf('ClusterUserDefinedNetwork', 'n', { spec: { namespaceSelector: {} } }, '', 'k8s.ovn.org/v1'),
    ],
    ['a configuration that is no JSON', attachment('n', 'blue', '{"name": ')],
    ['a configuration that is no object', attachment('n', 'blue', '["macvlan"]')],
  ])('are problems with a place, and join nobody: %s', (_, object) => {
    const { problems, networks } = reachIn([...spaces, ...pods, object]);
    expect(problems).toMatchObject([{ code: 'network-invalid', place: object.place }]);
    expect(networks).toHaveLength(1);
  });

  it('are told where a namespace has two, where one is not allowed, and where one is asked for that is not there', () => {
    const one = user('n', 'blue', layer2('Primary'));
    expect(codesOf([...spaces, one, user('m', 'blue', layer2('Primary'))])).toEqual(['network-conflict']);
    expect(codesOf([...spaces, one, ofCluster('m', layer2('Primary'), { matchLabels: PRIMARY })])).toContain(
      'network-conflict',
    );
    expect(codesOf([user('n', 'other', layer2('Primary')), ...spaces])).toEqual(['network-not-allowed']);
    expect(codesOf([...spaces, pod('x', 'blue', 'nowhere')])).toEqual(['network-missing']);
    expect(codesOf([...spaces, multi('m', 'blue', '', { podSelector: {} })])).toEqual(['network-policy-about-nothing']);
    expect(codesOf([...spaces, multi('m', 'blue', 'lan', { podSelector: {} })])).toEqual([
      'network-policy-about-nothing',
    ]);
  });
});
