import type { RuntimeEvent, Workload } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { alertsOf, tieEvents } from './index.ts';

function workload(kind: string, name: string, more: Partial<Workload> = {}): Workload {
  const { namespace = 'shop', cluster = 'default' } = more;
  const security = { privileged: false, capabilitiesAdded: [], capabilitiesDropped: [] };
  const lists = {
    environment: [],
    namedServices: [],
    asksPassword: false,
    ports: [],
    limits: {},
    requests: {},
    mounts: [],
    pointer: [],
  };
  return {
    id: `${cluster}/${namespace}/${kind}/${name}`,
    cluster,
    namespace,
    kind,
    name,
    labels: {},
    annotations: {},
    podLabels: {},
    containers: [{ name: 'main', role: 'main', image: `${name}:1`, security, ...lists }],
    volumes: [],
    serviceAccount: 'default',
    hostNetwork: false,
    hostPID: false,
    hostIPC: false,
    podSpecPointer: [],
    definitions: [],
    ...more,
  };
}

const workloads = [
  workload('Deployment', 'cart'),
  workload('Deployment', 'cart-api'),
  workload('StatefulSet', 'db'),
  workload('DaemonSet', 'agent'),
  workload('CronJob', 'backup'),
  workload('Job', 'migrate'),
  workload('Pod', 'debug'),
  workload('Deployment', 'same'),
  workload('DaemonSet', 'same'),
  workload('Deployment', 'labelled', { podLabels: { app: 'strange', tier: 'web' } }),
  workload('Deployment', 'cart', { namespace: 'test' }),
];
const tie = tieEvents(workloads);

function event(
  pod: Partial<NonNullable<RuntimeEvent['pod']>> | undefined,
  more: Partial<RuntimeEvent> = {},
): RuntimeEvent {
  const found = pod && { namespace: 'shop', name: 'x', labels: {}, ...pod };
  return { source: 'tetragon', time: '2026-11-20T10:00:00.000Z', type: 'exec', ...(found && { pod: found }), ...more };
}

describe('tying events to workloads', () => {
  it.each([
    [{ name: 'cart-7d9f8c6b5-x2x4z' }, 'Deployment/cart', 'pod-name'],
    [{ name: 'cart-api-7d9f8c6b5-x2x4z' }, 'Deployment/cart-api', 'pod-name'],
    [{ name: 'db-0' }, 'StatefulSet/db', 'pod-name'],
    [{ name: 'agent-x2x4z' }, 'DaemonSet/agent', 'pod-name'],
    [{ name: 'backup-28999999-x2x4z' }, 'CronJob/backup', 'pod-name'],
    [{ name: 'migrate-x2x4z' }, 'Job/migrate', 'pod-name'],
    [{ name: 'debug' }, 'Pod/debug', 'pod-name'],
    [{ name: 'odd', workload: 'db', workloadKind: 'StatefulSet' }, 'StatefulSet/db', 'owner'],
    [{ name: 'odd', workload: 'db' }, 'StatefulSet/db', 'owner'],
    [{ name: 'odd', workload: 'cart-7d9f8c6b5', workloadKind: 'ReplicaSet' }, 'Deployment/cart', 'owner'],
    [{ name: 'odd', labels: { app: 'strange', tier: 'web', more: 'x' } }, 'Deployment/labelled', 'labels'],
  ])('%j is %s', (pod, expected, by) => {
    expect(tie(event(pod))).toEqual({ workload: `default/shop/${expected}`, by });
  });

  it('says which workloads fit when several do, and ties to none', () => {
    expect(tie(event({ name: 'odd', workload: 'same' }))).toEqual({
      candidates: ['default/shop/Deployment/same', 'default/shop/DaemonSet/same'],
      reason: '2 workloads fit pod shop/odd',
    });
  });

  it.each([
    [event({ name: 'stranger' }), 'no workload fits pod shop/stranger'],
    [event({ name: 'cart-1', namespace: 'elsewhere' }), 'no workload is known in namespace elsewhere'],
    [event({ name: 'cart-7d9f8c6b5' }), 'no workload fits pod shop/cart-7d9f8c6b5'],
    [event(undefined), 'the event names no pod, and no workload runs its image'],
    [
      event(undefined, { container: { image: 'cart:1' } }),
      'the event names no pod, and several workloads run its image',
    ],
  ])('does not guess %#', (given, reason) => expect(tie(given)).toMatchObject({ reason }));

  it('uses the image where it runs in one workload only', () => {
    const container = { image: 'docker.io/library/db:1' };
    expect(tie(event(undefined, { container }))).toEqual({ workload: 'default/shop/StatefulSet/db', by: 'image' });
    expect(tie(event({ name: 'odd2' }, { container }))).toMatchObject({ by: 'image' });
  });

  it('knows images as the ties of manifests do, built here or named by digest alone', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const pinned = workload('Deployment', 'pinned');
    pinned.containers[0]!.image = `ghcr.io/a/b@${digest}`;
    const tieImages = tieEvents([...workloads, pinned]);
    const of = (image: string) => tieImages(event(undefined, { container: { image } })).workload;
    expect(of('localhost/db:1')).toBe('default/shop/StatefulSet/db');
    expect(of(`ghcr.io/a/b@${digest}`)).toBe(pinned.id);
    expect(of('ghcr.io/a/b')).toBeUndefined();
    expect(of('{{ image }}')).toBeUndefined();
  });

  it('keeps clusters apart, and lets manifests stand for any cluster', () => {
    const tieTwo = tieEvents([
      workload('Deployment', 'a', { cluster: 'east' }),
      workload('Deployment', 'a', { cluster: 'west' }),
    ]);
    const named = { name: 'a-7d9f8c6b5-x2x4z' };
    expect(tieTwo(event({ ...named, cluster: 'west' }))).toMatchObject({ workload: 'west/shop/Deployment/a' });
    expect(tieTwo(event(named))).toMatchObject({ reason: '2 workloads fit pod shop/a-7d9f8c6b5-x2x4z' });
    expect(tie(event({ name: 'db-0', cluster: 'east' }))).toMatchObject({ workload: 'default/shop/StatefulSet/db' });
  });
});

describe('alerts', () => {
  const alert = (time: string, priority: string, name: string) =>
    event(
      { name },
      { time, type: 'alert', source: 'falco', alert: { rule: 'Terminal shell', priority, message: time, tags: [] } },
    );

  it('are one record a rule and workload, with the worst severity and the latest message', () => {
    const { alerts, dropped } = alertsOf(
      [
        alert('2026-11-20T10:00:00.000Z', 'Notice', 'db-0'),
        alert('2026-11-20T12:00:00.000Z', 'Warning', 'db-1'),
        alert('2026-11-20T11:00:00.000Z', 'Error', 'db-0'),
        alert('2026-11-20T13:00:00.000Z', 'Peculiar', 'stranger'),
        event({ name: 'db-0' }),
      ],
      tie,
    );
    expect(dropped).toBe(0);
    expect(alerts).toMatchObject([
      { untied: 'no workload fits pod shop/stranger', severity: 'unknown', count: 1 },
      {
        workload: 'default/shop/StatefulSet/db',
        severity: 'high',
        priority: 'Error',
        count: 3,
        firstTime: '2026-11-20T10:00:00.000Z',
        time: '2026-11-20T12:00:00.000Z',
        message: '2026-11-20T12:00:00.000Z',
      },
    ]);
  });

  it.each([
    ['Emergency', 'critical'],
    ['Alert', 'critical'],
    ['CRITICAL', 'critical'],
    ['Error', 'high'],
    ['Warning', 'medium'],
    ['Notice', 'low'],
    ['Informational', 'low'],
    ['constructor', 'unknown'],
  ])('of priority %s are %s', (priority, severity) => {
    expect(alertsOf([alert('2026-11-20T10:00:00.000Z', priority, 'db-0')]).alerts[0]?.severity).toBe(severity);
  });
});
