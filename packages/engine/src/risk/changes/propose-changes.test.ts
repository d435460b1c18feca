import type { JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { fieldAt } from '../../json/index.ts';
import { deployment, estate, manifest, service } from '../estate.fixture.ts';
import { buildAttackGraph } from '../graph/index.ts';
import { applyProposals } from './apply-change.ts';
import { proposeChanges } from './propose-changes.ts';
import { narrowRule } from './roles.ts';

/** The object after the one proposal whose id begins so. */
function after(objects: ManifestObject[], id: string, kind: string, ...path: string[]) {
  const facts = estate(objects);
  const found = proposeChanges(facts, buildAttackGraph(facts).graph).filter(({ change }) => change.id.startsWith(id));
  expect(found).toHaveLength(1);
  const changed = applyProposals(facts, found).objects.find((object) => object.kind === kind);
  return fieldAt(changed?.object as JsonObject, ...path);
}

const pod = ['spec', 'template', 'spec'];

describe('what changes do to objects', () => {
  it('a host path goes with its mounts, and nothing else does', () => {
    const objects = [
      deployment('shop', 'cart', {
        pod: {
          volumes: [
            { name: 'keep', emptyDir: {} },
            { name: 'socket', hostPath: { path: '/run/docker.sock' } },
          ],
        },
        container: {
          volumeMounts: [
            { name: 'socket', mountPath: '/run/docker.sock' },
            { name: 'keep', mountPath: '/tmp' },
          ],
        },
      }),
    ];
    const spec = after(objects, 'no-host-path:', 'Deployment', ...pod) as JsonObject;
    expect(spec['volumes']).toEqual([{ name: 'keep', emptyDir: {} }]);
    expect(spec['containers']).toMatchObject([{ volumeMounts: [{ name: 'keep', mountPath: '/tmp' }] }]);
  });

  it('a Service that is closed keeps no field that the API server would refuse', () => {
    const open = manifest('Service', 'shop', 'cart', {
      spec: {
        type: 'NodePort',
        externalTrafficPolicy: 'Local',
        selector: { app: 'cart' },
        ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }],
      },
    });
    expect(after([deployment('shop', 'cart'), open], 'cluster-ip:', 'Service', 'spec')).toEqual({
      type: 'ClusterIP',
      selector: { app: 'cart' },
      ports: [{ port: 80, targetPort: 8080 }],
    });
  });

  it('dangerous capabilities go, whatever they are called, and harmless ones stay', () => {
    const securityContext = { capabilities: { add: ['CHOWN', 'CAP_SYS_ADMIN', 'NET_ADMIN'] } };
    const changed = after(
      [deployment('shop', 'cart', { container: { securityContext } })],
      'fewer-capabilities:',
      'Deployment',
      ...pod,
    );
    expect(changed).toMatchObject({ containers: [{ securityContext: { capabilities: { add: ['CHOWN'] } } }] });
  });

  it('all ways to the node go together, said once each', () => {
    const facts = estate([
      deployment('shop', 'cart', {
        container: { securityContext: { privileged: true, capabilities: { add: ['SYS_ADMIN'] } } },
        pod: {
          hostPID: true,
          volumes: ['/a', '/b', '/c'].map((path) => ({ name: path.slice(1), hostPath: { path } })),
        },
      }),
    ]);
    const contain = proposeChanges(facts, buildAttackGraph(facts).graph).find(({ change }) =>
      change.id.startsWith('contain:'),
    )!;
    expect(contain.change.title).toBe(
      'Close the 6 ways from shop/cart to its node (privileged, hostPID, 3 host paths and SYS_ADMIN)',
    );
    expect(contain.change.detail).toMatch(
      /^Removes privileged, hostPID, the host paths \/a, \/b, \/c and SYS_ADMIN\. .*mounts go/,
    );
    expect(contain.change.detail.match(/The volume and its mounts go/g)).toHaveLength(1);
    const changed = applyProposals(facts, [contain]).objects[0]!.object;
    expect(JSON.stringify(changed)).not.toMatch(/privileged|hostPID|hostPath|SYS_ADMIN/);
  });

  it('a service account leaves a binding, and the others stay in it', () => {
    const subject = (name: string) => ({ kind: 'ServiceAccount', name, namespace: 'shop' });
    const binding = manifest('ClusterRoleBinding', '', 'ops', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [subject('default'), subject('other')],
    });
    const facts = estate([deployment('shop', 'cart'), service('shop', 'cart'), binding]);
    const proposals = proposeChanges(facts, buildAttackGraph(facts).graph);
    const unbind = proposals.find(
      ({ change }) => change.title === 'Take service account shop/default out of ClusterRoleBinding ops',
    )!;
    expect(unbind.change.workloads).toEqual(['default/shop/Deployment/cart']);
    const [changed] = applyProposals(facts, [unbind]).objects.filter(({ kind }) => kind === 'ClusterRoleBinding');
    expect(changed?.object['subjects']).toEqual([subject('other')]);
  });

  it('several apply together as each does alone, in lists too', () => {
    const facts = estate([
      deployment('shop', 'cart', {
        pod: { volumes: ['/a', '/b', '/c'].map((path) => ({ name: path.slice(1), hostPath: { path } })) },
      }),
    ]);
    const paths = proposeChanges(facts, buildAttackGraph(facts).graph).filter(({ change }) =>
      change.id.startsWith('no-host-path'),
    );
    const [changed] = applyProposals(facts, [paths[0]!, paths[2]!]).workloads;
    expect(changed?.volumes.map(({ name }) => name)).toEqual(['b']);
  });
});

describe('narrowRule', () => {
  it.each<[what: string, rule: JsonObject, narrowed: JsonObject | undefined]>([
    [
      'secrets go',
      { apiGroups: [''], resources: ['pods', 'secrets'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
    ],
    [
      'every verb becomes reading',
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['*'] },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'watch'] },
    ],
    [
      'secrets by name stay',
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['a'], verbs: ['get'] },
      undefined,
    ],
    [
      'a rule of nothing but secrets stays to the binding',
      { apiGroups: [''], resources: ['secrets'], verbs: ['get'] },
      undefined,
    ],
    ['a narrow rule stays', { apiGroups: [''], resources: ['pods'], verbs: ['get'] }, undefined],
  ])('%s', (_, rule, narrowed) => {
    expect(narrowRule(rule)).toEqual(narrowed);
  });

  it('everything becomes a list without secrets', () => {
    const narrowed = narrowRule({ apiGroups: ['*'], resources: ['*'], verbs: ['*'] })!;
    expect(narrowed).toMatchObject({ apiGroups: [''], verbs: ['get', 'list', 'watch'] });
    expect(narrowed['resources']).not.toContain('secrets');
    expect(narrowed['resources']).not.toContain('*');
  });
});
