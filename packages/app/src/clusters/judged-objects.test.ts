import type { JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { judgedObjects } from './judged-objects.ts';
import { liveObject, ownedBy, template } from './live-object.fixture.ts';

const SPEC = { securityContext: {}, containers: [{ name: 'cart', image: 'cart:1' }] };
const deployment = liveObject('Deployment', 'cart', { spec: { replicas: 2, template: template('cart', SPEC) } });
const replicaSet = (name = 'cart-7d', more: JsonObject = {}) =>
  liveObject('ReplicaSet', name, {
    metadata: ownedBy(deployment),
    spec: { replicas: 2, template: template('cart', SPEC), ...more },
  });

/** A pod that says who made it, as an API server completes it. */
const pod = (owner: ManifestObject, spec: JsonObject = {}, containers: JsonObject[] = SPEC.containers) =>
  liveObject('Pod', 'cart-7d-x', {
    metadata: ownedBy(owner),
    spec: {
      nodeName: 'a',
      priority: 0,
      enableServiceLinks: true,
      serviceAccountName: 'default',
      serviceAccount: 'default',
      tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists' }],
      securityContext: {},
      volumes: [{ name: 'kube-api-access-q2x', projected: { sources: [{ serviceAccountToken: {} }] } }],
      containers: containers.map((container) => ({
        imagePullPolicy: 'Always',
        resources: {},
        ...container,
        volumeMounts: [
          { name: 'kube-api-access-q2x', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true },
        ],
      })),
      ...spec,
    },
  });

const names = (...objects: ManifestObject[]): string[] =>
  judgedObjects(objects).judged.map(({ kind, name }) => `${kind} ${name}`);

describe('what policies judge of a live cluster', () => {
  it('is what people brought, not what controllers made of it', () => {
    expect(names(deployment, replicaSet(), pod(replicaSet()))).toEqual(['Deployment cart']);
  });

  it.each<[string, ManifestObject]>([
    ['was written beside the template', pod(replicaSet(), {}, [{ name: 'cart', image: 'evil:1' }])],
    ['has a container more', pod(replicaSet(), {}, [...SPEC.containers, { name: 'proxy', image: 'mesh:1' }])],
    ['is debugged', pod(replicaSet(), { ephemeralContainers: [{ name: 'debugger', image: 'busybox' }] })],
    ['shares the network of its node', pod(replicaSet(), { hostNetwork: true })],
    ['mounts a path of its node', pod(replicaSet(), { volumes: [{ name: 'x', hostPath: { path: '/' } }] })],
    ['runs as somebody else', pod(replicaSet(), { serviceAccountName: 'admin' })],
  ])('is also a pod that %s, whatever owner it names', (_, own) => {
    expect(names(deployment, replicaSet(), own)).toEqual(['Deployment cart', 'Pod cart-7d-x']);
  });

  it('is a pod that lost a restriction of its template', () => {
    const strict = [{ name: 'cart', image: 'cart:1', securityContext: { allowPrivilegeEscalation: false } }];
    const spec = { securityContext: {}, containers: strict };
    const owner = liveObject('ReplicaSet', 'cart-7d', { spec: { template: template('cart', spec) } });
    expect(names(owner, pod(owner, {}, strict))).toEqual(['ReplicaSet cart-7d']);
    expect(names(owner, pod(owner))).toEqual(['ReplicaSet cart-7d', 'Pod cart-7d-x']);
  });

  it('is a pod that names the uid of anything else as its controller', () => {
    const map = liveObject('ConfigMap', 'settings');
    const custom = liveObject('Widget', 'w');
    const node = liveObject('Node', 'a', {}, '');
    const other = liveObject('ReplicaSet', 'cart-7d', { spec: { template: template('cart', SPEC) } }, 'other');
    for (const owner of [map, custom, node, other]) expect(names(owner, pod(owner))).toContain('Pod cart-7d-x');
    const posing: JsonObject = {
      ownerReferences: [{ kind: 'ReplicaSet', name: 'cart-7d', uid: 'ConfigMap-settings', controller: true }],
    };
    const claimed = liveObject('Pod', 'p', { metadata: posing, spec: SPEC });
    expect(names(map, replicaSet(), claimed)).toContain('Pod p');
  });

  it('is what runs nothing but matters, whoever owns it', () => {
    const binding = liveObject('RoleBinding', 'admin', { metadata: ownedBy(liveObject('Widget', 'w')) });
    expect(names(liveObject('Widget', 'w'), binding)).toContain('RoleBinding admin');
  });

  it('is no old revision that runs nothing, but a pod that poses as one of it', () => {
    const old = replicaSet('cart-1', { replicas: 0, template: template('cart', { containers: [{ name: 'old' }] }) });
    expect(names(deployment, old)).toEqual(['Deployment cart']);
    const kept = replicaSet('cart-7d', { replicas: 0 });
    expect(names(deployment, kept, pod(kept))).toEqual(['Deployment cart', 'Pod cart-7d-x']);
  });
});

describe('what made a live object', () => {
  it('is its controllers in view, up to the last', () => {
    const own = pod(replicaSet());
    expect(judgedObjects([deployment, replicaSet(), own]).makersOf(own)).toEqual([
      { kind: 'ReplicaSet', name: 'cart-7d' },
      { kind: 'Deployment', name: 'cart' },
    ]);
  });

  it('is no Deployment for the name of a ReplicaSet, and nothing for an owner that is not there', () => {
    const bare = liveObject('ReplicaSet', 'cart-7d', { spec: { template: template('cart', SPEC) } });
    const own = pod(bare);
    expect(judgedObjects([deployment, bare, own]).makersOf(own)).toEqual([{ kind: 'ReplicaSet', name: 'cart-7d' }]);
    expect(judgedObjects([deployment, own]).makersOf(own)).toEqual([]);
  });
});
