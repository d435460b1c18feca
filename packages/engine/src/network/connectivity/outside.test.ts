import { describe, expect, it } from 'vitest';
import { workloadsOf } from '../../inventory/index.ts';
import { objectOf, policyOf } from '../estate.fixture.ts';
import { Connectivity } from './connectivity.ts';
import { Outside } from './outside.ts';

describe('connections with the outside', () => {
  it('are told for all addresses, those of the Internet, those around the nodes, and hosts by name', () => {
    const pods = ['web', 'db'].map((name) =>
      objectOf(
        'Pod',
        name,
        { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image: 'c:1' }] } },
        'prod',
      ),
    );
    const closed = policyOf(
      'p',
      {
        podSelector: { matchLabels: { app: 'web' } },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }], ports: [{ port: 80 }] }],
      },
      'prod',
    );
    const toHosts = {
      action: 'Allow',
      to: [{ domainNames: ['*.example.com'] }],
      ports: [{ portNumber: { protocol: 'TCP', port: 443 } }],
    };
    const out = objectOf(
      'AdminNetworkPolicy',
      'out',
      { spec: { subject: { namespaces: {} }, priority: 1, egress: [toHosts] } },
      '',
      'policy.networking.k8s.io/v1alpha1',
    );
    const objects = [...pods, closed, out];
    const reach = new Connectivity('default', objects, workloadsOf(objects).workloads);
    const outside = new Outside(reach);
    const { connections } = reach;
    const [web, db] = ['web', 'db'].map(
      (name) => reach.classOf[reach.workloads.findIndex((one) => one.name === name)]!,
    ) as [number, number];
    const at = (port: number): number => connections.of([{ protocol: 'TCP', from: port, to: port }]);
    expect(outside.ofInternet(web, 'ingress')).toBe(connections.none);
    expect(outside.ofNeighbours(web, 'ingress')).toBe(at(80));
    expect(outside.ofInternet(web, 'egress')).toBe(at(443));
    expect(outside.passages(web, 'egress').map(({ range }) => range.domain)).toEqual(['*.example.com']);
    expect(outside.ofInternet(db, 'ingress')).toBe(connections.everything);
  });
});
