import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EstateMap } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assessPaths } from '../estate/assess-paths.ts';
import { keepJudged } from '../questions/judged-estate.ts';
import { mapEstate } from './map-estate.ts';

const deployment = (name: string, namespace = 'shop') => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: c, image: 'registry.example/${name}:1', ports: [{ containerPort: 80 }] }] }
`;

const ESTATE = [
  deployment('web'),
  deployment('cart'),
  deployment('catalog'),
  deployment('search'),
  deployment('db'),
  deployment('batch', 'jobs'),
  `apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { type: LoadBalancer, selector: { app: web }, ports: [{ port: 80 }] }
`,
  `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: shop }
spec:
  podSelector: { matchLabels: { app: db } }
  policyTypes: [Ingress, Egress]
  ingress: [{ from: [{ podSelector: { matchLabels: { app: cart } } }], ports: [{ port: 5432 }] }]
`,
].join('---\n');

describe('the map of an estate', () => {
  let map: EstateMap;
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-map-'));
  beforeAll(async () => {
    writeFileSync(join(folder, 'estate.yaml'), ESTATE);
    const kept = keepJudged();
    const assessment = await assessPaths([folder], {
      state: join(folder, 'state'),
      now: '2027-01-10T12:00:00Z',
      onGathered: kept.onGathered,
    });
    map = EstateMap.parse(mapEstate(kept.judged(assessment)));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const labelOf = (id: string) => map.boxes.find((box) => box.id === id)?.label ?? id;
  const ends = (kind: string) =>
    map.links
      .filter((link) => link.kind === kind)
      .map(({ from, to, phrase }) => [from.map(labelOf).sort().join('+'), to.map(labelOf).sort().join('+'), phrase]);

  it('holds every workload in one group, those together that the network treats alike', () => {
    const groups = map.boxes.filter(({ kind }) => kind === 'workloads');
    const named = groups.map(({ namespace, workloads }) => `${namespace}: ${workloads.map(({ name }) => name).sort()}`);
    expect(named.sort()).toEqual(['jobs: batch', 'shop: cart', 'shop: catalog,search', 'shop: db', 'shop: web']);
  });

  it('begins at the Internet, and counts steps by what is allowed', () => {
    const distance = (label: string) => map.boxes.find((box) => box.label === label)?.distance;
    expect([distance('Internet'), distance('web'), distance('db')]).toEqual([0, 1, 3]);
  });

  it('says what leads where, and what decides', () => {
    expect(ends('entry')).toEqual([['Internet', 'web', 'through load balancer web']]);
    expect(ends('reach')).toContainEqual(['cart', 'db', 'on TCP 5432']);
    expect(map.links.find(({ phrase }) => phrase === 'on TCP 5432')?.reason).toBe('NetworkPolicy shop/db');
    expect(ends('exit').every(([from]) => !from?.includes('db'))).toBe(true);
  });

  it('draws ways of attackers between boxes that are there, with their chance', () => {
    const ids = new Set(map.boxes.map(({ id }) => id));
    const attacks = map.links.filter(({ kind }) => kind === 'attack');
    expect(attacks.length).toBeGreaterThan(0);
    for (const { from, to, probability } of attacks) {
      expect([...from, ...to].every((id) => ids.has(id))).toBe(true);
      expect(probability).toBeGreaterThan(0);
    }
  });
});
