import type { Json, JsonObject, ManifestObject } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workloadsOf } from './workloads-of.ts';

const CONTAINER = { name: 'web', image: 'web:1' };

function objectOf(
  apiVersion: string,
  kind: string,
  spec: Json,
  more: JsonObject = {},
  source = 'a.yaml',
): ManifestObject {
  const object = { apiVersion, kind, metadata: { name: 'cart', ...more }, spec };
  return {
    apiVersion,
    kind,
    namespace: 'shop',
    name: 'cart',
    cluster: 'default',
    object,
    place: { source, document: 0, line: 1 },
  };
}

const template = (podSpec: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  template: { metadata, spec: podSpec },
});
const pod = (podSpec: JsonObject, source?: string): ManifestObject => objectOf('v1', 'Pod', podSpec, {}, source);
const only = (object: ManifestObject) => workloadsOf([object]).workloads[0]!;

describe('workloadsOf', () => {
  it.each([
    ['v1', 'Pod'],
    ['v1', 'ReplicationController'],
    ['apps/v1', 'Deployment'],
    ['extensions/v1beta1', 'Deployment'],
    ['apps/v1', 'StatefulSet'],
    ['apps/v1beta2', 'DaemonSet'],
    ['apps/v1', 'ReplicaSet'],
    ['batch/v1', 'Job'],
    ['batch/v1beta1', 'CronJob'],
    ['apps.openshift.io/v1', 'DeploymentConfig'],
    ['argoproj.io/v1alpha1', 'Rollout'],
  ])('reads %s %s', (apiVersion, kind) => {
    const podSpec = { containers: [CONTAINER], serviceAccountName: 'robot' };
    const inner =
      kind === 'Pod' ? podSpec : kind === 'CronJob' ? { jobTemplate: { spec: template(podSpec) } } : template(podSpec);
    const { workloads, unknowns } = workloadsOf([objectOf(apiVersion, kind, inner)]);
    expect(unknowns).toEqual([]);
    expect(workloads).toMatchObject([
      { id: `default/shop/${kind}/cart`, serviceAccount: 'robot', containers: [{ name: 'web' }] },
    ]);
    const [{ containers, podSpecPointer }] = workloads as [(typeof workloads)[0]];
    expect(containers[0]!.pointer).toEqual([...podSpecPointer, 'containers', 0]);
  });

  it('passes over what runs nothing, and what a workload owns', () => {
    const owned = (kind: string): ManifestObject =>
      objectOf('v1', 'Pod', { containers: [CONTAINER] }, { ownerReferences: [{ kind, name: 'x', controller: true }] });
    const service = objectOf('v1', 'Service', { ports: [] });
    expect(workloadsOf([service, owned('ReplicaSet'), owned('Job')]).workloads).toEqual([]);
    expect(workloadsOf([owned('Node')]).workloads).toHaveLength(1);
  });

  it("merges security contexts as the kubelet does: the container's word counts", () => {
    const { containers } = only(
      pod({
        securityContext: { runAsUser: 1000, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          CONTAINER,
          {
            ...CONTAINER,
            securityContext: {
              privileged: true,
              runAsUser: 0,
              runAsNonRoot: false,
              seccompProfile: { type: 'Localhost', localhostProfile: 'a.json' },
              capabilities: { add: ['CAP_SYS_ADMIN', 'net_raw'], drop: ['ALL'] },
            },
          },
        ],
        initContainers: [{ name: 'init', image: 'i' }],
        ephemeralContainers: [{ name: 'debug', image: 'd' }],
      }),
    );
    expect(containers.map(({ role }) => role)).toEqual(['main', 'main', 'init', 'ephemeral']);
    expect(containers[0]!.security).toMatchObject({
      privileged: false,
      runAsUser: 1000,
      runAsNonRoot: true,
      seccompProfile: 'RuntimeDefault',
    });
    expect(containers[1]!.security).toMatchObject({
      privileged: true,
      runAsUser: 0,
      runAsNonRoot: false,
      seccompProfile: 'Localhost/a.json',
      capabilitiesAdded: ['SYS_ADMIN', 'NET_RAW'],
      capabilitiesDropped: ['ALL'],
    });
  });

  it('reads the profiles of old annotations', () => {
    const annotations = {
      'seccomp.security.alpha.kubernetes.io/pod': 'runtime/default',
      'container.apparmor.security.beta.kubernetes.io/web': 'localhost/strict',
    };
    const deployment = objectOf('apps/v1', 'Deployment', template({ containers: [CONTAINER] }, { annotations }));
    expect(only(deployment).containers[0]!.security).toMatchObject({
      seccompProfile: 'RuntimeDefault',
      appArmorProfile: 'Localhost/strict',
    });
  });

  it('reads environment, ports, resources, mounts and volumes', () => {
    const workload = only(
      pod({
        containers: [
          {
            ...CONTAINER,
            env: [
              { name: 'MODE', value: 'dev' },
              { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
            ],
            envFrom: [{ prefix: 'A_', secretRef: { name: 'all' } }],
            ports: [
              { containerPort: 80, name: 'http' },
              { containerPort: 53, hostPort: 53, protocol: 'UDP' },
            ],
            resources: { limits: { cpu: 1, memory: '1Gi' } },
            volumeMounts: [{ name: 'host', mountPath: '/host', readOnly: true }],
          },
        ],
        volumes: [
          { name: 'host', hostPath: { path: '/' } },
          { name: 'keys', secret: { secretName: 'keys' } },
          { name: 'mixed', projected: { sources: [{ secret: { name: 'inner' } }, { configMap: { name: 'c' } }] } },
          { name: 'tmp', emptyDir: {} },
          { name: 'nfs', nfs: { server: 'x' } },
        ],
        automountServiceAccountToken: false,
        hostPID: true,
      }),
    );
    expect(workload).toMatchObject({ automountToken: false, hostPID: true, hostNetwork: false });
    expect(workload.containers[0]).toMatchObject({
      environment: [
        { name: 'MODE' },
        { name: 'PASSWORD', from: 'secret/db/password' },
        { name: 'A_*', from: 'secret/all' },
      ],
      ports: [
        { containerPort: 80, name: 'http', protocol: 'TCP' },
        { containerPort: 53, hostPort: 53, protocol: 'UDP' },
      ],
      limits: { cpu: '1', memory: '1Gi' },
      mounts: [{ volume: 'host', path: '/host', readOnly: true }],
    });
    expect(workload.volumes).toEqual([
      { name: 'host', kind: 'hostPath', from: '/' },
      { name: 'keys', kind: 'secret', from: 'keys' },
      { name: 'mixed', kind: 'projected' },
      { name: 'mixed', kind: 'secret', from: 'inner' },
      { name: 'tmp', kind: 'emptyDir' },
      { name: 'nfs', kind: 'other' },
    ]);
  });

  it('keeps nothing of what variables and command lines hold, in annotations neither', () => {
    const env = [
      { name: 'DATABASE_URL', value: 'postgres://shop:hunter2@db.data:5432/shop' },
      { name: 'TOKEN', value: 'hunter2' },
    ];
    const container = { ...CONTAINER, env, command: ['serve', '--key', 'hunter2'], args: ['-phunter2', '--x=hunter2'] };
    const applied = JSON.stringify({ spec: { containers: [container] } });
    const deployment = objectOf('apps/v1', 'Deployment', template({ containers: [container] }));
    deployment.object['metadata'] = {
      name: deployment.name,
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': applied,
        'example.com/rendered': applied.repeat(20),
        'example.com/stage': 'production',
      },
    };
    const workload = only(deployment);
    expect(JSON.stringify(workload)).not.toContain('hunter2');
    expect(workload.annotations).toEqual({ 'example.com/stage': 'production' });
  });

  it.each<[string, JsonObject, string[]]>([
    ['by name in its own namespace', { env: [{ name: 'A', value: 'http://cart:8080/x' }] }, ['shop/cart']],
    ['with its namespace', { args: ['--db=db.data'] }, ['data/db']],
    ['in full', { command: ['sh', '-c', 'nc db.data.svc.cluster.local 5432'] }, ['data/db']],
    ['each once', { args: ['cart', 'cart.shop.svc', 'db.data.svc:1'] }, ['shop/cart', 'data/db']],
    ['not by name alone from elsewhere', { args: ['db'] }, []],
    ['not where another domain follows', { args: ['cart.shop.example.com', 'db.data.svc.other'] }, []],
    ['not what is no Service', { args: ['hunter2'] }, []],
  ])('finds the Services that it names: %s', (_, part, named) => {
    const service = (namespace: string, name: string) => ({ ...objectOf('v1', 'Service', {}), namespace, name });
    const objects = [pod({ containers: [{ ...CONTAINER, ...part }] }), service('shop', 'cart'), service('data', 'db')];
    expect(workloadsOf(objects).workloads[0]!.containers[0]!.namedServices).toEqual(named);
    const elsewhere = objects.map((object) => (object.kind === 'Service' ? { ...object, cluster: 'other' } : object));
    expect(workloadsOf(elsewhere).workloads[0]!.containers[0]!.namedServices).toEqual([]);
  });

  it.each<[string, JsonObject, boolean]>([
    ['an option', { args: ['--requirepass', '$(SECRET)'] }, true],
    ['a word of a script', { command: ['sh', '-c', 'redis-server --tls-port 6379'] }, true],
    ['a variable', { env: [{ name: 'REDIS_PASSWORD', value: 'x' }] }, true],
    ['a variable that allows none', { env: [{ name: 'ALLOW_EMPTY_PASSWORD', value: 'yes' }] }, false],
    ['nothing', { args: ['--port', '6379'] }, false],
  ])('tells whether callers are asked for a password: %s', (_, part, asked) => {
    expect(only(pod({ containers: [{ ...CONTAINER, ...part }] })).containers[0]!.asksPassword).toBe(asked);
  });

  it('takes the claims of a StatefulSet for volumes', () => {
    const spec = { ...template({ containers: [CONTAINER] }), volumeClaimTemplates: [{ metadata: { name: 'data' } }] };
    expect(only(objectOf('apps/v1', 'StatefulSet', spec)).volumes).toEqual([
      { name: 'data', kind: 'persistentVolumeClaim', from: 'data' },
    ]);
  });

  it('tells of fields of a wrong type, with their pointer, and reads the rest', () => {
    const { workloads, unknowns } = workloadsOf([
      pod({
        hostNetwork: 'yes',
        hostPID: true,
        containers: [
          { ...CONTAINER, ports: [{ containerPort: '80' }], env: { A: 'b' }, securityContext: { privileged: 'true' } },
          'text',
        ],
        volumes: null,
      }),
      objectOf('apps/v1', 'Deployment', template({ containers: { web: CONTAINER } as Json })),
    ]);
    expect(workloads).toMatchObject([
      { hostPID: true, hostNetwork: false, containers: [{ name: 'web', ports: [] }] },
      { containers: [] },
    ]);
    expect(unknowns.map(({ place }) => place.pointer?.join('.')).sort()).toEqual([
      'spec.containers.0.env',
      'spec.containers.0.ports.0.containerPort',
      'spec.containers.0.securityContext.privileged',
      'spec.containers.1',
      'spec.hostNetwork',
      'spec.template.spec.containers',
    ]);
    expect(unknowns.every(({ subject }) => subject?.startsWith('default/shop/'))).toBe(true);
  });

  it('describes the variant that gives away most and lists every definition', () => {
    const calm = pod({ containers: [CONTAINER] }, 'calm.yaml');
    const privileged = pod(
      { containers: [{ ...CONTAINER, securityContext: { privileged: true } }] },
      'privileged.yaml',
    );
    const rooted = pod({ containers: [CONTAINER], hostNetwork: true, hostPID: true }, 'rooted.yaml');
    const { workloads } = workloadsOf([calm, rooted, privileged]);
    expect(workloads).toHaveLength(1);
    expect(workloads[0]!.containers[0]!.security.privileged).toBe(true);
    expect(workloads[0]!.definitions.map(({ source }) => source)).toEqual([
      'privileged.yaml',
      'rooted.yaml',
      'calm.yaml',
    ]);
  });

  it('never throws, whatever the object', () => {
    fc.assert(
      fc.property(
        fc.object({
          maxDepth: 5,
          key: fc.constantFrom(
            'containers',
            'name',
            'env',
            'volumes',
            'ports',
            'securityContext',
            'capabilities',
            'add',
            '__proto__',
            'x',
          ),
          values: [fc.jsonValue(), fc.constant('a'), fc.integer(), fc.constant(null)],
        }),
        (spec) => {
          expect(() =>
            workloadsOf([pod(spec as JsonObject), objectOf('apps/v1', 'Deployment', { template: spec as Json })]),
          ).not.toThrow();
        },
      ),
    );
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});
