import type { RunningWorkload } from '@breakwater/model';
import { expect, it } from 'vitest';
import { exampleImage } from '../testing/index.ts';
import { endedImages, imageNamesOf } from './ended-images.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const workload: RunningWorkload = {
  workload: { cluster: 'east', apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' },
  owners: [],
  pods: { running: 1, total: 1 },
  images: [{ container: 'cart', reference: 'registry.example/shop/cart:2', digests: [DIGEST], injected: false }],
  changedByHand: [],
  nodes: [],
  services: [],
};

it('tells workloads whose image gets no more fixes, by the digest that runs', () => {
  const distribution = { id: 'debian', versionId: '9', name: 'Debian GNU/Linux 9' };
  const old = { ...exampleImage([]), distribution, references: [], manifestDigests: [DIGEST] };
  expect(imageNamesOf([workload])).toEqual([DIGEST, 'registry.example/shop/cart:2']);
  expect(endedImages([workload], [old], '2026-06-01T00:00:00Z')).toMatchObject([
    { kind: 'end-of-life', object: { name: 'cart' }, why: expect.stringContaining('Debian 9') },
  ]);
  expect(endedImages([workload], [{ ...old, manifestDigests: [] }], '2026-06-01T00:00:00Z')).toEqual([]);
});
