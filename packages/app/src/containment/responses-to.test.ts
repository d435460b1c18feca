import { describe, expect, it } from 'vitest';
import { exampleIncident } from '../testing/index.ts';
import { responsesTo } from './responses-to.ts';

const ids = (incident: Parameters<typeof responsesTo>[0]) => responsesTo(incident).map(({ id }) => id);

describe('what can be done about an incident', () => {
  it('is about its pods and workloads, and what keeps evidence comes first', () => {
    expect(ids(exampleIncident())).toEqual([
      'quarantine shop/cart-7d9f-x2x4k',
      'delete-pod shop/cart-7d9f-x2x4k',
      'scale-to-zero shop/Deployment/cart',
    ]);
  });

  it('is about the pod, where nobody knows its workload', () => {
    const incident = { ...exampleIncident('I1', 'shop/Pod/job-1'), processes: [] };
    expect(ids(incident)).toEqual(['quarantine shop/job-1', 'delete-pod shop/job-1']);
  });

  it('is about containers of no pod, each once, and only where they run', () => {
    const incident = exampleIncident('I1', 'registry.example/team/shop/cart:1');
    const processes = incident.processes.map(({ pod: _, ...process }) => ({
      ...process,
      containerId: `podman://${'a1'.repeat(32)}`,
      node: 'node-7',
    }));
    const found = responsesTo({ ...incident, processes });
    expect(found.map(({ id, node }) => [id, node])).toEqual([
      ['snapshot a1a1a1a1a1a1', 'node-7'],
      ['kill-process 77', 'node-7'],
      ['stop-container a1a1a1a1a1a1', 'node-7'],
    ]);
    expect(found[0]?.config).toEqual({ container: 'a1'.repeat(32) });
    expect(found[1]).toMatchObject({ config: { pid: 77 }, container: 'a1'.repeat(32) });
  });

  it('is done in the cluster that it happened in, also where another has pods of that name', () => {
    const [east, west] = ['east', 'west'].map((cluster) => {
      const incident = exampleIncident('I1', `${cluster}/shop/Deployment/cart`);
      return incident.processes.map((process) => ({ ...process, subject: `${cluster}/shop/Deployment/cart` }));
    });
    const subjects = ['east/shop/Deployment/cart', 'west/shop/Deployment/cart'];
    const found = responsesTo({ ...exampleIncident(), processes: [...east!, ...west!], subjects });
    expect(found.map(({ id, cluster }) => [id, cluster])).toEqual([
      ['quarantine shop/cart-7d9f-x2x4k --context east', 'east'],
      ['quarantine shop/cart-7d9f-x2x4k --context west', 'west'],
      ['delete-pod shop/cart-7d9f-x2x4k --context east', 'east'],
      ['delete-pod shop/cart-7d9f-x2x4k --context west', 'west'],
      ['scale-to-zero shop/Deployment/cart --context east', 'east'],
      ['scale-to-zero shop/Deployment/cart --context west', 'west'],
    ]);
    expect(found.at(-1)?.config).toEqual({ namespace: 'shop', kind: 'Deployment', name: 'cart' });
  });

  it('is nothing where nobody knows what it touches', () => {
    expect(ids({ ...exampleIncident('I1', 'an/image'), processes: [] })).toEqual([]);
  });

  it('is bounded', () => {
    const incident = exampleIncident();
    const processes = Array.from({ length: 100 }, (_, n) => ({
      ...incident.processes[0]!,
      id: `p${n}`,
      pod: `shop/p-${n}`,
    }));
    expect(responsesTo({ ...incident, processes }).length).toBeLessThan(20);
  });
});
