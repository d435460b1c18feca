import type { JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { containerOf, objectOf, workloadOf } from '../network/estate.fixture.ts';
import { factsOf } from '../risk/graph/facts.fixture.ts';
import { buildAttackGraph, nodeId } from '../risk/graph/index.ts';
import { simulate } from '../risk/simulation/index.ts';
import { ClaimVolumes, copiesOf, sharedStores } from './index.ts';

const mounting = (name: string, volume: Workload['volumes'][number], readOnly = false, part: Partial<Workload> = {}) =>
  workloadOf(name, {
    containers: [containerOf({ mounts: [{ volume: volume.name, path: '/data', readOnly }] })],
    volumes: [volume],
    ...part,
  });
const byClaim = (name: string, claim: string, namespace = 'default', readOnly = false) =>
  mounting(name, { name: 'v', kind: 'persistentVolumeClaim', from: claim }, readOnly, { namespace });
const byPath = (name: string, path: string, part: Partial<Workload> = {}, readOnly = false) =>
  mounting(name, { name: 'v', kind: 'hostPath', from: path }, readOnly, part);
const claim = (name: string, spec: JsonObject, namespace = 'default') =>
  objectOf('PersistentVolumeClaim', name, { spec }, namespace);
const volume = (name: string, spec: JsonObject) => objectOf('PersistentVolume', name, { spec }, '');
const nfs = (path: string) => ({ nfs: { server: '10.0.0.1', path } });
const summary = (objects: ManifestObject[], workloads: Workload[]) =>
  sharedStores(objects, workloads).map(({ label, namespaces, uses }) => [
    label,
    namespaces.join(),
    uses
      .map(({ workload, writes }) => `${workload.name}${writes ? ' writes' : ''}`)
      .sort()
      .join(),
  ]);

describe('data that several workloads mount', () => {
  it('are one claim', () => {
    expect(summary([], [byClaim('a', 'data'), byClaim('b', 'data', 'default', true), byClaim('c', 'own')])).toEqual([
      ['claim default/data', 'default', 'a writes,b'],
    ]);
  });

  it('are claims of several namespaces whose volumes are the same share', () => {
    const objects = [
      claim('data', { volumeName: 'one' }),
      claim('copy', {}, 'other'),
      volume('one', nfs('/export/')),
      volume('two', { ...nfs('/export'), claimRef: { namespace: 'other', name: 'copy' } }),
    ];
    expect(summary(objects, [byClaim('a', 'data'), byClaim('b', 'copy', 'other')])).toEqual([
      ['NFS 10.0.0.1:/export', 'default,other', 'a writes,b writes'],
    ]);
  });

  it('are the same disk of a driver, and not two disks of one driver', () => {
    const disk = (name: string, volumeHandle: string) =>
      volume(name, { csi: { driver: 'efs.csi.aws.com', volumeHandle } });
    const claims = [claim('a', { volumeName: 'a' }), claim('b', { volumeName: 'b' }, 'other')];
    const users = [byClaim('a', 'a'), byClaim('b', 'b', 'other')];
    expect(summary([...claims, disk('a', 'fs-1'), disk('b', 'fs-1')], users)).toHaveLength(1);
    expect(summary([...claims, disk('a', 'fs-1'), disk('b', 'fs-2')], users)).toEqual([]);
  });

  it('are a path of the node, and what lies below it', () => {
    const users = [
      byPath('a', '/data/shop'),
      byPath('b', '/data', { namespace: 'other' }),
      byPath('c', '/data/shop/', {}, true),
    ];
    expect(summary([], users)).toEqual([['the host path /data/shop', 'default,other', 'a writes,b writes,c']]);
    expect(summary([], [byPath('a', '/data/shop'), byPath('b', '/data/shopping')])).toEqual([]);
  });

  it('are not what the node itself keeps, nor claims that each pod has of its own', () => {
    expect(summary([], [byPath('a', '/var/log'), byPath('b', '/var/log')])).toEqual([]);
    expect(summary([], [byPath('a', '/run/docker.sock'), byPath('b', '/run/docker.sock')])).toEqual([]);
    const set = (name: string) =>
      mounting(name, { name: 'data', kind: 'persistentVolumeClaim', from: 'data' }, false, { kind: 'StatefulSet' });
    expect(summary([], [set('a'), set('b')])).toEqual([]);
  });

  it('keep their time in line with mounts', () => {
    const many = Array.from({ length: 3000 }, (_, index) => byPath(`w${index}`, `/data/${index % 50}/x`));
    expect(sharedStores([], many)).toHaveLength(50);
  });
});

describe('copies', () => {
  const snapshot = (name: string, source: JsonObject, namespace = 'default') =>
    objectOf('VolumeSnapshot', name, { spec: { source } }, namespace, 'snapshot.storage.k8s.io/v1');
  const content = (name: string, body: JsonObject) =>
    objectOf('VolumeSnapshotContent', name, body, '', 'snapshot.storage.k8s.io/v1');

  it('are clones, and claims from snapshots, also of another namespace', () => {
    const objects = [
      claim('clone', { dataSource: { kind: 'PersistentVolumeClaim', name: 'data' } }),
      claim('restored', { dataSourceRef: { kind: 'VolumeSnapshot', name: 's', namespace: 'shop' } }, 'lab'),
      snapshot('s', { persistentVolumeClaimName: 'orders' }, 'shop'),
    ];
    expect(copiesOf(objects).map(({ namespace, claim: name, from }) => [`${namespace}/${name}`, from])).toEqual([
      ['default/clone', { namespace: 'default', claim: 'data' }],
      ['lab/restored', { namespace: 'shop', claim: 'orders' }],
    ]);
  });

  it('are told by the handle that two contents share', () => {
    const objects = [
      snapshot('s', { persistentVolumeClaimName: 'orders' }, 'shop'),
      content('c1', {
        spec: { volumeSnapshotRef: { namespace: 'shop', name: 's' }, source: {} },
        status: { snapshotHandle: 'h' },
      }),
      content('c2', { spec: { volumeSnapshotRef: { namespace: 'lab', name: 't' }, source: { snapshotHandle: 'h' } } }),
      snapshot('t', { volumeSnapshotContentName: 'c2' }, 'lab'),
      claim('restored', { dataSource: { kind: 'VolumeSnapshot', name: 't' } }, 'lab'),
    ];
    expect(copiesOf(objects)[0]?.from).toEqual({ namespace: 'shop', claim: 'orders' });
  });

  it('of something else are none, nor of what nobody knows', () => {
    expect(copiesOf([claim('a', { dataSource: { kind: 'VolumeSnapshot', name: 'gone' } }), claim('b', {})])).toEqual(
      [],
    );
  });
});

describe('in the attack graph', () => {
  const service = objectOf('Service', 'a', {
    spec: { type: 'LoadBalancer', selector: { app: 'a' }, ports: [{ port: 80 }] },
  });
  const loss = (workloads: Workload[], objects: ManifestObject[] = []) =>
    simulate(buildAttackGraph(factsOf([service, ...objects], workloads)).graph, { worlds: 8192 }).loss;

  it('who writes has a hand in who reads, and not the other way round', () => {
    const { graph } = buildAttackGraph(factsOf([], [byClaim('a', 'data'), byClaim('b', 'data', 'default', true)]));
    const written = graph.nodes.find(({ id }) => id.endsWith('/written'))!.id;
    const into = graph.edges.filter(({ to }) => to === written).map(({ from, phrase }) => [from, phrase]);
    expect(into).toEqual([[nodeId.workload('default/default/Deployment/a'), 'writes to claim default/data']]);
    const onward = graph.edges.filter(({ from }) => from === written);
    expect(onward.map(({ phrase }) => phrase)).toContain('whose files default/b reads too');
    expect(onward.every(({ mitigation }) => mitigation !== undefined)).toBe(true);
  });

  it('sharing never lowers the loss', () => {
    const apart = [byClaim('a', 'one'), byClaim('b', 'two')];
    const read = [byClaim('a', 'one', 'default', true), byClaim('b', 'one')];
    const written = [byClaim('a', 'one'), byClaim('b', 'one')];
    expect(loss(written)).toBeGreaterThan(loss(read));
    expect(loss(apart)).toBeGreaterThan(0);
  });

  it('a copy opens what it is a copy of', () => {
    const copy = claim('copy', { dataSource: { kind: 'PersistentVolumeClaim', name: 'data' } });
    const users = [byClaim('a', 'copy'), byClaim('b', 'data')];
    expect(loss(users, [copy])).toBeGreaterThan(loss(users));
  });
});

it('claims without a volume are not known', () => {
  expect(new ClaimVolumes([claim('a', {})]).of('default', 'default', 'a')).toBeUndefined();
});
