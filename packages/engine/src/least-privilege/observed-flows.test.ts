import type { ManifestObject, RuntimeEvent } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { workloadsOf } from '../inventory/index.ts';
import { createFlowCollector } from './index.ts';
import { compiled, deployment, service, spelled } from './least-privilege.fixture.ts';

const estate = [deployment('web'), deployment('cart'), service('cart', { clusterIP: '10.96.0.7' })];

function event(part: Partial<RuntimeEvent>, workload = 'web', time = '2026-11-20T10:00:00.000Z'): RuntimeEvent {
  const pod = { namespace: 'shop', name: `${workload}-5d8f-abcde`, workload, workloadKind: 'Deployment', labels: {} };
  return { source: 'tetragon', time, type: 'connect', pod, ...part };
}

function observed(objects: readonly ManifestObject[], events: readonly RuntimeEvent[]) {
  const collector = createFlowCollector(objects, workloadsOf(objects).workloads);
  for (const one of events) collector.add(one);
  return collector.findings();
}

const peer = (address: string, port: number) => ({ address, port, protocol: 'TCP' });

describe('connections that were observed', () => {
  it('to the address of a Service lead to the port of its pods', () => {
    const findings = observed(estate, [event({ peer: peer('10.96.0.7', 80) })]);
    expect(spelled(compiled(estate, { observed: findings }))).toEqual(['web -> cart TCP 8080']);
  });

  it('to the address of a pod lead to whoever connected or listened with it', () => {
    const events = [
      event({ peer: peer('10.0.3.4', 8080) }),
      event({ type: 'accept', peer: peer('10.0.9.9', 41_000), local: { address: '10.0.3.4', port: 8080 } }, 'cart'),
    ];
    const proven = compiled(estate, { observed: observed(estate, events) });
    expect(spelled(proven)).toEqual(['web -> cart TCP 8080']);
    expect(proven.gaps.filter(({ code }) => code === 'observed-address')).toHaveLength(1);
  });

  it('count once, and are allowed by their address where nobody is known by it', () => {
    const event443 = event({ peer: peer('10.0.77.1', 5432) });
    const { flows, gaps } = observed(estate, [event443, event443]);
    expect(flows.map(({ to, ports }) => [to, ports])).toEqual([
      [{ kind: 'addresses', blocks: [{ cidr: '10.0.77.1/32' }] }, [{ protocol: 'TCP', from: 5432, to: 5432 }]],
    ]);
    expect(gaps[0]?.message).toContain('whose address that is, is not known');
  });

  it('leave out lookups of names and the pod’s own addresses', () => {
    const events = [event({ peer: peer('10.96.0.10', 53) }), event({ peer: peer('127.0.0.1', 9000) })];
    expect(observed(estate, events).flows).toEqual([]);
  });

  it('say how long was observed, of whom nothing was, and what was lost', () => {
    const events = [
      event({ peer: peer('10.96.0.7', 80) }),
      event({ peer: peer('10.96.0.7', 80) }, 'web', '2026-11-21T10:00:00.000Z'),
      event({ type: 'loss', lost: 7 }),
    ];
    const said = observed(estate, events).gaps.map(({ message }) => message);
    expect(said).toEqual([
      'Observed from 2026-11-20T10:00:00.000Z to 2026-11-21T10:00:00.000Z: what happens less often is known only where configuration declares it.',
      'Of 1 of 2 workloads nothing was observed: shop/cart.',
      '7 events were lost: connections among them are not known.',
    ]);
    expect(observed(estate, []).gaps.map(({ message }) => message)).toEqual([
      'Nothing was observed at run time: connections that no configuration declares are not known.',
    ]);
  });
});
