import type { JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { CelUnknown } from '../../cel/index.ts';
import { ask, at, deployment, pods, read } from './estate.fixture.ts';
import { type EstateOptions, estateOfLists, estatesOf } from './index.ts';

describe('estate', () => {
  it('has every object by kind, none of a kind where there is none, and is unknown where an object is seen alone', () => {
    const estate = estateOfLists({ Service: [at('shop', 'web'), at('other', 'db')], Widget: [at('shop', 'w')] });
    expect(ask(estate, deployment(), 'estate.Service.size()')).toBe(2);
    expect(ask(estate, deployment(), 'estate.Ingress.size()')).toBe(0);
    expect(ask(estate, deployment(), 'estate.?Widget.orValue([]).size() + estate.?Gadget.orValue([]).size()')).toBe(1);
    expect(ask(estate, deployment(), 'estate.within.Service.map(s, s.metadata.name)')).toEqual(['web']);
    expect(ask(undefined, deployment(), 'estate.Service.size()')).toBeInstanceOf(CelUnknown);
    expect(ask(undefined, deployment(), 'grants.size()')).toBeInstanceOf(CelUnknown);
  });

  it('gives each list once, however many look at it', () => {
    const estate = estateOfLists({ Service: [at('shop', 'web')] });
    expect(ask(estate, deployment(), 'estate.Service')).toBe(ask(estate, { kind: 'Pod' }, 'estate.Service'));
  });

  it('knows namespaces that objects are applied to and do not name', () => {
    const estate = estateOfLists({
      Service: [{ metadata: { name: 'web' } }],
      Namespace: [{ metadata: { name: 'a' } }],
    });
    expect(ask(estate, { kind: 'Namespace', metadata: { name: 'default' } }, 'estate.within.Service.size()')).toBe(1);
    const object = { kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [] } };
    const view = estate.around({ object, namespace: 'a' })?.view;
    expect(view?.namespace).toMatchObject({ metadata: { name: 'a' } });
    expect(view?.within['Service']).toEqual([]);
  });

  it('keeps clusters apart', () => {
    const estates = estatesOf([read('Service', at('shop', 'web'), 'one'), read('Service', at('shop', 'db'), 'two')]);
    expect(ask(estates.get('one'), deployment(), 'estate.Service.map(s, s.metadata.name)')).toEqual(['web']);
  });

  it('takes kinds that could not be read as unknown, by name', () => {
    const estate = estatesOf([read('Service', at('shop', 'web'))], { complete: true, unread: ['Secret'] }).get(
      'default',
    );
    expect(ask(estate, deployment(), 'estate.Secret.size() == 0')).toMatchObject({ $missing: ['estate.Secret'] });
    expect(ask(estate, deployment(), 'estate.within.Secret.size() == 0')).toBeInstanceOf(CelUnknown);
    expect(ask(estate, deployment(), 'estate.Service.size()')).toBe(1);
  });

  it('leaves open what templates that were not rendered may define', () => {
    const ingress: JsonObject = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { defaultBackend: { service: { name: 'gone' } } },
    };
    const policy = {
      kind: 'NetworkPolicy',
      ...at('shop', 'deny'),
      spec: { podSelector: { matchLabels: { a: 'b' } } },
    };
    const objects = [read('Service', at('shop', 'web'))];
    const found = (partial: boolean, object: JsonObject, expression: string): unknown =>
      ask(estatesOf(objects, { partial }).get('default'), object, expression);
    expect(found(false, ingress, 'estate.references.exists(r, !r.found)')).toBe(true);
    expect(found(true, ingress, 'estate.references.exists(r, !r.found)')).toBeInstanceOf(CelUnknown);
    expect(found(false, policy, 'estate.selected.size()')).toBe(0);
    expect(found(true, policy, 'estate.selected.size()')).toBeInstanceOf(CelUnknown);
  });

  it('reads kinds and labels of any name, and never those of a prototype', () => {
    const objects = JSON.parse('[{"__proto__":{"x":1},"kind":"__proto__"}]') as JsonObject[];
    const estate = estateOfLists({
      constructor: objects,
      Service: [{ metadata: null, spec: 7 } as unknown as JsonObject],
    });
    expect(ask(estate, deployment(), 'estate.Service.size()')).toBe(1);
    expect(ask(estate, deployment(), 'estate.selectedBy.Service.size()')).toBe(0);
  });
});

describe('kinds named as something else', () => {
  it.each(['token', 'references', 'namespace', 'routes', 'within', '__proto__', 'constructor'])('as %s', (kind) => {
    const objects = [read(kind, at('shop', 'x')), read('Service', at('shop', 'web'))];
    const estate = estatesOf(objects, { complete: true }).get('default');
    expect(ask(estate, deployment(), 'estate.Service.size() + estate.within.Service.size()')).toBe(2);
    expect(ask(estate, deployment(), 'estate.Ingress.size() + estate.within.Ingress.size()')).toBe(0);
    expect(ask(estate, deployment(), 'estate.token && estate.routes.size() == 0')).toBe(true);
  });
});

describe('what is not wholly in view', () => {
  const selecting: JsonObject = { kind: 'NetworkPolicy', ...at('shop', 'p'), spec: { podSelector: {} } };
  const objects = [
    read('Deployment', deployment()),
    read('Service', at('shop', 'web', { spec: { selector: { app: 'web' }, type: 'NodePort' } })),
    read('Service', at('shop', 'db', { spec: { selector: { app: 'db' } } })),
    read('NetworkPolicy', at('shop', 'web', { spec: { podSelector: { matchLabels: { app: 'web' } } } })),
  ];
  const unread = ['Service', 'Ingress', 'NetworkPolicy', 'ServiceAccount', 'RoleBinding', 'Namespace'];
  const db: JsonObject = { kind: 'Deployment', ...at('shop', 'db'), ...pods({ app: 'db' }) };
  const cache: JsonObject = { kind: 'Deployment', ...at('shop', 'cache'), ...pods({ app: 'cache' }) };
  const account: JsonObject = { kind: 'ServiceAccount', ...at('shop', 'web') };
  const seen = (options: EstateOptions, object: JsonObject, expression: string): unknown =>
    ask(estatesOf(objects, options).get('default'), object, expression);

  it.each<[string, JsonObject, string]>([
    ['routes to pods that no Service selects', cache, 'estate.routes.size() == 0'],
    ['routes of an Ingress', db, 'estate.routes.size() == 0'],
    ['isolation', db, 'estate.isolated.ingress'],
    ['the other direction', deployment(), 'estate.isolated.egress'],
    ['policies that select', db, 'estate.selectedBy.NetworkPolicy.size() == 0'],
    ['the account', db, 'has(estate.account)'],
    ['the token of an account', db, 'estate.token'],
    ['what names an account', account, 'estate.namedBy.size() == 0'],
    ['the namespace', db, 'has(estate.namespace)'],
    ['what is within the namespace', db, 'estate.within.Ingress.size() == 0'],
  ])('leaves open: %s', (_, object, expression) => {
    expect(seen({ complete: true }, object, expression)).toBeTypeOf('boolean');
    expect(seen({ complete: true, unread }, object, expression)).toBeInstanceOf(CelUnknown);
    expect(seen({ partial: true }, object, expression)).toBeInstanceOf(CelUnknown);
  });

  it.each<[string, JsonObject, string]>([
    ['a route', deployment(), 'estate.routes.size() == 1'],
    ['a direction that is restricted', deployment(), 'estate.isolated.ingress'],
    ['a policy that selects', deployment(), 'estate.selectedBy.NetworkPolicy.size() == 1'],
    ['a workload that is selected', selecting, 'estate.selected.size() == 1'],
    ['a token that the pods refuse', deployment({ automountServiceAccountToken: false }), '!estate.token'],
  ])('keeps what was found: %s', (_, object, expression) => {
    expect(seen({ complete: true, unread }, object, expression)).toBe(true);
    expect(seen({ partial: true }, object, expression)).toBe(true);
  });

  it('leaves open which workloads a selector selects, where some kind of them could not be read', () => {
    const spec = { podSelector: { matchLabels: { a: 'b' } } };
    const policy: JsonObject = { kind: 'NetworkPolicy', ...at('shop', 'x'), spec };
    expect(seen({ complete: true, unread }, policy, 'estate.selected.size()')).toBe(0);
    const open = seen({ complete: true, unread: ['CronJob'] }, policy, 'estate.selected.size() == 0');
    expect(open).toMatchObject({ $missing: ['estate.CronJob'] });
  });

  it('keeps what other kinds than those that could not be read say', () => {
    const claim = { kind: 'PersistentVolumeClaim', ...at('shop', 'data') };
    expect(seen({ complete: true, unread }, claim, 'estate.namedBy.size()')).toBe(0);
    expect(seen({ complete: true, unread: ['Pod'] }, claim, 'estate.namedBy.size()')).toBeInstanceOf(CelUnknown);
  });
});

describe('estate.references', () => {
  const named = (object: JsonObject, lists: Record<string, unknown>): unknown =>
    ask(
      estateOfLists(lists),
      object,
      "estate.references.map(r, r.kind + ' ' + r.namespace + '/' + r.name + (r.found ? '' : ' missing'))",
    );

  it.each<[string, JsonObject, string[]]>([
    [
      'a workload',
      deployment({
        serviceAccountName: 'web',
        imagePullSecrets: [{ name: 'pull' }],
        volumes: [
          { persistentVolumeClaim: { claimName: 'data' } },
          { secret: { secretName: 'tls' } },
          { projected: { sources: [{ configMap: { name: 'kube-root-ca.crt' } }, { secret: { name: 's' } }] } },
        ],
        containers: [
          { envFrom: [{ configMapRef: { name: 'c' } }], env: [{ valueFrom: { secretKeyRef: { name: 'e' } } }] },
        ],
      }),
      [
        'ServiceAccount shop/web missing',
        'Secret shop/pull missing',
        'PersistentVolumeClaim shop/data missing',
        'Secret shop/tls missing',
        'ConfigMap shop/kube-root-ca.crt',
        'Secret shop/s missing',
        'ConfigMap shop/c missing',
        'Secret shop/e missing',
      ],
    ],
    [
      'an ingress of either shape',
      {
        kind: 'Ingress',
        ...at('shop', 'i'),
        spec: {
          defaultBackend: { service: { name: 'web' } },
          rules: [{ http: { paths: [{ backend: { serviceName: 'old' } }, { backend: { resource: {} } }] } }],
        },
      },
      ['Service shop/web', 'Service shop/old missing'],
    ],
    [
      'a binding',
      {
        kind: 'RoleBinding',
        ...at('shop', 'b'),
        roleRef: { kind: 'ClusterRole', name: 'view' },
        subjects: [
          { kind: 'ServiceAccount', name: 'default', namespace: 'x' },
          { kind: 'User', name: 'u' },
        ],
      },
      ['ClusterRole /view', 'ServiceAccount x/default'],
    ],
    ['a Service', { kind: 'Service', ...at('shop', 's') }, []],
  ])('of %s', (_, object, expected) => {
    expect(named(object, { Service: [at('shop', 'web')] })).toEqual(expected);
  });

  it('of files are unknown where nothing of the kind is in view, and known else', () => {
    const found = (objects: ManifestObject[]): unknown =>
      ask(estatesOf(objects).get('default'), deployment({ serviceAccountName: 'web' }), 'estate.references[0].found');
    expect(found([read('Service', at('shop', 'web'))])).toBeInstanceOf(CelUnknown);
    expect(found([read('ServiceAccount', at('other', 'web'))])).toBeInstanceOf(CelUnknown);
    expect(found([read('ServiceAccount', at('shop', 'db'))])).toBe(false);
    expect(found([read('ServiceAccount', at('shop', 'web'))])).toBe(true);
  });

  it('lead back: what names an object', () => {
    const estate = estateOfLists({ Deployment: [{ ...deployment({ serviceAccountName: 'web' }) }] });
    const account = { kind: 'ServiceAccount', ...at('shop', 'web') };
    expect(ask(estate, account, 'estate.namedBy.map(o, o.metadata.name)')).toEqual(['web']);
    expect(ask(estate, { ...account, ...at('other', 'web') }, 'estate.namedBy.size()')).toBe(0);
  });
});
