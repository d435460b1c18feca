import { describe, expect, it } from 'vitest';
import { falco } from './index.ts';

const alert = (output_fields: unknown, more: object = {}) =>
  falco.parse({
    rule: 'Contact K8S API Server From Container',
    priority: 'Notice',
    output: 'Unexpected connection',
    time: '2026-11-20T10:00:00.304966461Z',
    tags: ['network', 7],
    output_fields,
    ...more,
  })[0];

describe('Falco alerts', () => {
  it('say who, where and what', () => {
    const digest = `sha256:${'0f'.repeat(32)}`;
    const found = alert({
      'container.id': '3fb74555883c',
      'container.name': 'app',
      'container.image.repository': 'quay.io/shop/cart',
      'container.image.tag': '1.2',
      'container.image.digest': digest,
      'evt.type': 'connect',
      'fd.name': '172.31.202.8:46440->10.96.0.1:443',
      'fd.l4proto': 'tcp',
      'k8s.ns.name': 'shop',
      'k8s.pod.name': 'cart-8b694d88c-h2vqd',
      'proc.cmdline': 'node /srv/app.js --fast',
      'proc.exepath': '/usr/bin/node',
      'proc.pid': 77,
      'proc.pname': 'sh',
      'user.uid': 1000,
    });
    expect(found).toEqual({
      source: 'falco',
      time: '2026-11-20T10:00:00.304Z',
      type: 'alert',
      alert: {
        rule: 'Contact K8S API Server From Container',
        priority: 'Notice',
        message: 'Unexpected connection',
        tags: ['network'],
      },
      call: 'connect',
      process: { path: '/usr/bin/node', arguments: '/srv/app.js --fast', pid: 77, uid: 1000 },
      parent: { path: 'sh', arguments: '' },
      container: { id: '3fb74555883c', name: 'app', image: 'quay.io/shop/cart:1.2', imageDigest: digest },
      pod: { namespace: 'shop', name: 'cart-8b694d88c-h2vqd', labels: {} },
      local: { address: '172.31.202.8', port: 46440 },
      peer: { address: '10.96.0.1', port: 443, protocol: 'TCP' },
    });
  });

  it('leave out what Falco does not know', () => {
    const found = alert({
      'container.id': '<NA>',
      'proc.exepath': '<NA>',
      'k8s.ns.name': null,
      'k8s.pod.name': '<NA>',
    });
    expect(found).not.toHaveProperty('container');
    expect(found).not.toHaveProperty('process');
    expect(found).not.toHaveProperty('pod');
  });

  it('of the host have no container', () => expect(alert({ 'container.id': 'host' })).not.toHaveProperty('container'));

  it('without a usable time use the nanoseconds of the event', () => {
    expect(alert({ 'evt.time': 1602839848304966400 }, { time: 'x' })?.time).toBe('2020-10-16T09:17:28.304Z');
    expect(alert(null, { time: 'x' })).toBeUndefined();
  });
});
