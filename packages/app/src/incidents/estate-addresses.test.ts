import { workloadsOf } from '@breakwater/engine/inventory';
import { type JsonObject, ManifestObject, type RuntimeEvent } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { AddressBook } from './address-book.ts';
import { estateAddresses } from './estate-addresses.ts';

const object = (kind: string, name: string, rest: JsonObject, cluster = 'default'): ManifestObject =>
  ManifestObject.parse({
    apiVersion: kind === 'Deployment' ? 'apps/v1' : kind === 'EndpointSlice' ? 'discovery.k8s.io/v1' : 'v1',
    ...{ kind, name, namespace: 'shop', cluster, place: { source: 'a.yaml' } },
    object: { apiVersion: 'v1', kind, ...rest },
  });
const deployment = (name: string, cluster?: string) => {
  const spec = { containers: [{ name, image: `shop/${name}:1` }] };
  const template = { metadata: { labels: { app: name } }, spec };
  return object('Deployment', name, { spec: { selector: { matchLabels: { app: name } }, template } }, cluster);
};
const service = (name: string, spec: JsonObject, cluster?: string) => object('Service', name, { spec }, cluster);
const OWNER = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'cart-7c9d5b8f4d', uid: 'u1', controller: true };
const pod = (name: string, podIP: string, phase = 'Running') =>
  object('Pod', name, {
    metadata: { labels: { app: 'cart' }, ownerReferences: [OWNER] },
    status: { podIP, phase },
  });
const slice = (name: string, target: string, address: string) => {
  const metadata = { labels: { 'kubernetes.io/service-name': name } };
  return object('EndpointSlice', `${name}-1`, {
    ...{ metadata, ports: [{ name: '', port: 8080 }] },
    endpoints: [{ addresses: [address], targetRef: { kind: 'Pod', name: target } }],
  });
};

function bookOf(...objects: ManifestObject[]): AddressBook {
  const book = new AddressBook();
  book.know(estateAddresses({ objects, workloads: workloadsOf(objects).workloads }));
  return book;
}
const from = (cluster?: string): RuntimeEvent => ({
  source: 'sensor',
  time: '2026-11-20T10:00:00.000Z',
  type: 'connect',
  pod: { namespace: 'shop', name: 'web-7c9d5b8f4d-x2x7k', labels: {}, ...(cluster !== undefined && { cluster }) },
});
const at = (book: AddressBook, address: string, name?: string, cluster?: string) =>
  book.subjectsAt({ address, port: 80, protocol: 'TCP', ...(name !== undefined && { name }) }, from(cluster));
const CART = 'shop/Deployment/cart';
const selected = { clusterIP: '10.96.0.7', clusterIPs: ['10.96.0.7', 'fd00::7'], selector: { app: 'cart' } };

describe('whom a connection leads to', () => {
  it('is who is behind the addresses of a Service, and behind its name', () => {
    const book = bookOf(deployment('cart'), service('basket', { ...selected, externalIPs: ['192.0.2.7'] }));
    for (const address of ['10.96.0.7', 'fd00::7', '::ffff:10.96.0.7', '192.0.2.7'])
      expect(at(book, address), address).toEqual([CART]);
    for (const name of ['basket', 'basket.shop', 'basket.shop.svc.cluster.local.'])
      expect(at(book, '203.0.113.1', name), name).toEqual([CART]);
    expect(at(book, '10.96.0.8')).toEqual([]);
    expect(at(book, '203.0.113.1', 'basket.pay')).toEqual([]);
  });

  it('is who a Service without a selector names in its EndpointSlices, and whom another name stands for', () => {
    const book = bookOf(
      deployment('cart'),
      pod('cart-7c9d5b8f4d-x2x7k', '10.1.0.9'),
      service('basket', { clusterIP: '10.96.0.7' }),
      slice('basket', 'cart-7c9d5b8f4d-x2x7k', '10.1.0.9'),
      service('alias', { type: 'ExternalName', externalName: 'basket.shop.svc.cluster.local' }),
    );
    expect(at(book, '10.96.0.7')).toEqual([CART]);
    expect(at(book, '203.0.113.1', 'alias')).toEqual([CART]);
  });

  it('is whose pod has the address; not one that is over, nor one of several', () => {
    const book = bookOf(
      pod('cart-7c9d5b8f4d-x2x7k', '10.1.0.9'),
      pod('cart-7c9d5b8f4d-ppppp', '10.1.0.10', 'Succeeded'),
      pod('cart-7c9d5b8f4d-qqqqq', '10.0.0.1'),
      pod('agent-qqqqq', '10.0.0.1'),
      slice('other', 'mail-7c9d5b8f4d-bbbbb', '10.1.0.11'),
    );
    expect(at(book, '10.1.0.9')).toEqual([CART]);
    expect(at(book, '10.1.0.10')).toEqual([]);
    expect(at(book, '10.0.0.1')).toEqual([]);
    expect(at(book, '10.1.0.11')).toEqual(['shop/Deployment/mail']);
  });

  it('of clusters with the same addresses is of the one that the event is of, and of none where it does not tell', () => {
    const east = [deployment('cart', 'east'), service('cart', selected, 'east')];
    const mail = { clusterIP: '10.96.0.7', selector: { app: 'mail' } };
    const book = bookOf(...east, deployment('mail', 'west'), service('mail', mail, 'west'));
    expect(at(book, '10.96.0.7', undefined, 'east')).toEqual([`east/${CART}`]);
    expect(at(book, '10.96.0.7', undefined, 'west')).toEqual(['west/shop/Deployment/mail']);
    expect(at(book, '10.96.0.7')).toEqual([]);
    expect(at(bookOf(...east), '10.96.0.7')).toEqual([CART]);
  });

  it('is who was seen there since, whatever the estate said', () => {
    const book = bookOf(pod('cart-7c9d5b8f4d-x2x7k', '10.1.0.9'));
    const accepted: RuntimeEvent = { ...from(), type: 'accept', local: { address: '10.1.0.9', port: 80 } };
    book.note(accepted, 'shop/Deployment/new');
    expect(at(book, '10.1.0.9')).toEqual(['shop/Deployment/new']);
  });
});
