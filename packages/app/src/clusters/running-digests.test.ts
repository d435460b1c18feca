import { workloadsOf } from '@breakwater/engine/inventory';
import type { ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { liveObject, ownedBy, template } from './live-object.fixture.ts';
import { withRunningDigests } from './running-digests.ts';

const one = `sha256:${'11'.repeat(32)}`;
const two = `sha256:${'22'.repeat(32)}`;
const cart = liveObject('Deployment', 'cart', { spec: { template: template('cart') } });
const replicas = liveObject('ReplicaSet', 'cart-1', { metadata: ownedBy(cart), spec: { template: template('cart') } });

function pod(name: string, digest: string) {
  const containerStatuses = [{ name: 'cart', imageID: `docker.io/library/cart@${digest}` }];
  return liveObject('Pod', name, { ...template('cart'), metadata: ownedBy(replicas), status: { containerStatuses } });
}

function images(...pods: ManifestObject[]): string[] {
  const objects = [cart, replicas, ...pods];
  return withRunningDigests(workloadsOf(objects).workloads, objects).flatMap(({ containers }) =>
    containers.map(({ image }) => image),
  );
}

describe('the images of live workloads', () => {
  it('carry the digest that all pods run', () => {
    expect(images(pod('a', one), pod('b', one))).toEqual([`cart:1@${one}`]);
  });

  it('stay as they are named where pods differ or nobody says what runs', () => {
    expect(images(pod('a', one), pod('b', two))).toEqual(['cart:1']);
    expect(images(pod('a', ''))).toEqual(['cart:1']);
    expect(images()).toEqual(['cart:1']);
  });
});
