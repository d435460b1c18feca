import type { JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { driftOf } from './drift.ts';
import { indexLive } from './live-index.ts';
import { liveObject, template } from './live-object.fixture.ts';

const fromGit = ({ live, ...entry }: ManifestObject, spec?: JsonObject): ManifestObject => ({
  ...entry,
  cluster: 'default',
  place: { source: 'k8s/a.yaml' },
  object: { ...entry.object, metadata: { name: entry.name }, ...(spec ? { spec } : {}) },
});

function drift(git: ManifestObject[], live: ManifestObject[], unread: string[] = []) {
  return driftOf({ git, live: indexLive(live), clusters: ['east'], unread: new Map([['east', unread]]) });
}

const spec = { replicas: 2, template: template('cart') };
const cart = liveObject('Deployment', 'cart', { spec });

describe('drift', () => {
  it('is none where all that Git says holds', () => {
    expect(drift([fromGit(cart)], [cart])).toEqual({ compared: 1, same: 1, items: [] });
  });

  it('tells who changed a field, by the managers of fields', () => {
    const fieldsV1 = { 'f:spec': { 'f:replicas': {} } };
    const managedFields = [{ manager: 'kubectl-edit', operation: 'Update', time: '2026-02-01T00:00:00Z', fieldsV1 }];
    const scaled = liveObject('Deployment', 'cart', { metadata: { managedFields }, spec: { ...spec, replicas: 9 } });
    const { items } = drift([fromGit(cart)], [scaled]);
    expect(items[0]?.fields).toEqual([
      {
        pointer: ['spec', 'replicas'],
        change: 'changed',
        git: 2,
        live: 9,
        manager: 'kubectl-edit',
        at: '2026-02-01T00:00:00Z',
      },
    ]);
  });

  it('is none where an autoscaler sets the replicas', () => {
    const scaler = liveObject('HorizontalPodAutoscaler', 'cart', {
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'cart' } },
    });
    const scaled = liveObject('Deployment', 'cart', { spec: { ...spec, replicas: 9 } });
    expect(drift([fromGit(cart)], [scaled, scaler]).items.filter(({ state }) => state === 'changed')).toEqual([]);
  });

  it('is none where a controller added a field', () => {
    const managedFields = [
      { manager: 'kube-controller-manager', time: '2026-02-01T00:00:00Z', fieldsV1: { 'f:spec': { 'f:paused': {} } } },
    ];
    const paused = liveObject('Deployment', 'cart', { metadata: { managedFields }, spec: { ...spec, paused: true } });
    expect(drift([fromGit(cart)], [paused]).same).toBe(1);
  });

  it('knows what kubectl applied from what the server completed, by the copy that it keeps', () => {
    const annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ spec: { paused: true } }),
    };
    const fieldsV1 = { 'f:spec': { 'f:paused': {}, 'f:conversion': {} } };
    const managedFields = [{ manager: 'kubectl-client-side-apply', time: '2026-02-01T00:00:00Z', fieldsV1 }];
    const more = { ...spec, paused: true, conversion: { strategy: 'None' }, ofNobody: 5 };
    const { items } = drift(
      [fromGit(cart)],
      [liveObject('Deployment', 'cart', { metadata: { annotations, managedFields }, spec: more })],
    );
    expect(items[0]?.fields.map(({ pointer }) => pointer.join('.'))).toEqual(['spec.paused']);
  });

  it('takes the nearest of several definitions: overlays change what is below them', () => {
    const overlay = fromGit(cart, { ...spec, replicas: 5 });
    expect(drift([overlay, fromGit(cart)], [cart]).items).toEqual([]);
  });

  it('has what is missing, but not of kinds that could not be read', () => {
    expect(drift([fromGit(cart)], []).items).toMatchObject([
      { state: 'missing', object: { cluster: 'east', name: 'cart' } },
    ]);
    expect(drift([fromGit(cart)], [], ['Deployment'])).toEqual({ compared: 0, same: 0, items: [] });
  });

  it('shows no value that speaks of a secret', () => {
    const withPassword = (value: string) => ({
      template: template('cart', { containers: [{ name: 'cart', env: [{ name: 'PASSWORD', value }] }] }),
    });
    const { items } = drift(
      [fromGit(cart, withPassword('one'))],
      [liveObject('Deployment', 'cart', { spec: withPassword('two') })],
    );
    expect(items[0]?.fields[0]).toEqual({
      pointer: ['spec', 'template', 'spec', 'containers', 0, 'env', 0, 'value'],
      change: 'changed',
    });
  });

  it('knows a kind by another version', () => {
    const old = { ...fromGit(cart), apiVersion: 'extensions/v1beta1' };
    expect(drift([old], [cart]).same).toBe(1);
  });
});
