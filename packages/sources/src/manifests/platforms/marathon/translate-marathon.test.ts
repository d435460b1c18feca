import { type ManifestObject, writtenPlace } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { readManifestText } from '../../read-manifest-text.ts';
import { containerOf, podOf, translateTexts } from '../testing.ts';

const text = (value: unknown): string => JSON.stringify(value);
const doubts = ({ translation }: ManifestObject): string[] =>
  translation!.unknown.map(({ pointer }) => pointer.slice(3).join('.'));

const WEB = {
  id: 'web',
  instances: 2,
  cpus: 0.5,
  mem: 128,
  container: {
    type: 'DOCKER',
    docker: {
      image: 'nginx:1',
      network: 'BRIDGE',
      privileged: false,
      portMappings: [{ containerPort: 80, hostPort: 8080, protocol: 'tcp,udp' }],
      parameters: [
        { key: 'privileged', value: 'true' },
        { key: 'cap-add', value: 'SYS_ADMIN' },
        { key: 'cap-drop', value: 'ALL' },
        { key: 'security-opt', value: 'seccomp=unconfined' },
        { key: 'u', value: '1000:1000' },
        { key: 'read-only', value: '' },
        { key: 'pid', value: 'host' },
        { key: 'volume', value: '/etc:/host:ro' },
        { key: 'env', value: 'A=1' },
        { key: 'hostname', value: 'x' },
      ],
    },
    volumes: [{ containerPath: '/sock', hostPath: '/var/run/docker.sock', mode: 'RW' }],
  },
  env: { MODE: 'live', PASSWORD: { secret: 'db/main' } },
  labels: { team: 'shop' },
};

describe('an app that Docker runs', () => {
  const { objects, unknowns } = translateTexts({
    'group.json': text({
      id: '/prod',
      groups: [{ id: 'shop', apps: [WEB], groups: [{ id: '/prod/shop/db', apps: [{ id: 'main', cmd: 'x' }] }] }],
    }),
  });
  const [web, database] = objects as [ManifestObject, ManifestObject];

  it('is named by its groups', () => {
    expect(unknowns).toEqual([]);
    expect(objects.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`)).toEqual([
      'MarathonApp prod.shop/web',
      'MarathonApp prod.shop.db/main',
    ]);
    expect(database.place.pointer).toEqual(['groups', 0, 'groups', 0, 'apps', 0]);
  });

  it('takes what its parameters hand to docker run', () => {
    expect(containerOf(web)).toMatchObject({
      securityContext: {
        privileged: true,
        runAsUser: 1000,
        readOnlyRootFilesystem: true,
        capabilities: { add: ['SYS_ADMIN'], drop: ['ALL'] },
        seccompProfile: { type: 'Unconfined' },
      },
      ports: [
        { containerPort: 80, hostPort: 8080, protocol: 'TCP' },
        { containerPort: 80, hostPort: 8080, protocol: 'UDP' },
      ],
      env: [
        { name: 'A', value: '1' },
        { name: 'MODE', value: 'live' },
        { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db.main' } } },
      ],
      resources: { limits: { memory: '128Mi' }, requests: { cpu: '0.5' } },
    });
    expect(podOf(web)).toMatchObject({ hostPID: true });
    expect(podOf(web)['hostNetwork']).toBeUndefined();
    expect(doubts(web)).toEqual([]);
    const place = writtenPlace(web, ['spec', 'template', 'spec', 'containers', 0, 'securityContext', 'privileged']);
    expect(place.pointer?.slice(-2)).toEqual(['parameters', 0]);
  });
});

describe('an app without an image', () => {
  const [app] = translateTexts({
    'app.json': text({ id: '/job', cmd: 'sleep 1', portDefinitions: [{ port: 80 }], requirePorts: true }),
  }).objects as [ManifestObject];

  it('runs on the network of its agent', () => {
    expect(podOf(app)).toMatchObject({ hostNetwork: true });
    expect(containerOf(app)['ports']).toEqual([
      { containerPort: 80, protocol: 'TCP', published: 'host-port', hostPort: 80 },
    ]);
  });

  it('leaves to the agents what nobody wrote', () => {
    expect(doubts(app)).toEqual([
      'containers.0.image',
      'volumes.0',
      'containers.0.securityContext.runAsNonRoot',
      'containers.0.securityContext.capabilities',
      'containers.0.securityContext.seccompProfile',
      'containers.0.securityContext.allowPrivilegeEscalation',
    ]);
  });
});

describe('an app that Mesos runs', () => {
  it('says its capabilities and filters itself', () => {
    const app = {
      id: '/x',
      user: 'nobody',
      networks: [{ mode: 'host' }],
      container: {
        type: 'MESOS',
        docker: { image: 'redis' },
        linuxInfo: { effectiveCapabilities: { capabilities: ['NET_RAW'] }, seccomp: { unconfined: true } },
        volumes: [
          { containerPath: 'data', mode: 'RW', persistent: { size: 1 } },
          { containerPath: '/s', secret: 'key' },
        ],
      },
    };
    const [object] = translateTexts({ 'app.json': text([app]) }).objects as [ManifestObject];
    expect(podOf(object)).toMatchObject({ hostNetwork: true });
    expect(containerOf(object)).toMatchObject({
      image: 'redis',
      securityContext: {
        runAsNonRoot: true,
        capabilities: { add: ['NET_RAW'], drop: ['ALL'] },
        seccompProfile: { type: 'Unconfined' },
      },
    });
    expect(podOf(object)['volumes']).toEqual([
      { name: 'volume:data', persistentVolumeClaim: { claimName: 'data' } },
      { name: 'secret:key', secret: { secretName: 'key' } },
    ]);
  });
});

describe('a pod', () => {
  it('has several containers and volumes', () => {
    const pod = {
      id: '/p/q',
      user: 'root',
      scaling: { kind: 'fixed', instances: 3 },
      networks: [{ mode: 'container', name: 'n' }],
      volumes: [{ name: 'etc', host: '/etc' }],
      containers: [
        {
          name: 'a',
          image: { id: 'nginx' },
          endpoints: [{ name: 'h', containerPort: 80, hostPort: 0, protocol: ['tcp'] }],
          volumeMounts: [{ name: 'etc', mountPath: '/e', readOnly: true }],
        },
        { name: 'b', exec: { command: { shell: 'sleep' } }, user: 'app', resources: { mem: 32 } },
      ],
    };
    const [object] = translateTexts({ 'pod.json': text(pod) }).objects as [ManifestObject];
    expect(object).toMatchObject({ kind: 'MarathonPod', namespace: 'p', name: 'q', object: { spec: { replicas: 3 } } });
    expect(podOf(object)['volumes']).toEqual([{ name: 'etc', hostPath: { path: '/etc' } }]);
    expect(podOf(object)['containers']).toMatchObject([
      { name: 'a', securityContext: { runAsUser: 0 }, ports: [{ containerPort: 80, published: 'host-port' }] },
      { name: 'b', securityContext: { runAsNonRoot: true }, resources: { limits: { memory: '32Mi' } } },
    ]);
  });
});

describe('bad input', () => {
  it('tells wrong types with their places, and never goes too deep', () => {
    const { objects, unknowns } = translateTexts({
      'app.json': text({
        id: '/x',
        cmd: [],
        env: 'no',
        cpus: {},
        container: {
          type: 'DOCKER',
          docker: { image: 3, parameters: [7, { key: 'privileged', value: {} }] },
          volumes: 'x',
        },
      }),
    });
    expect(objects).toHaveLength(1);
    expect(unknowns.map(({ place }) => place.pointer?.join('.')).sort()).toEqual([
      'cmd',
      'container.docker.parameters.0',
      'container.docker.parameters.1.value',
      'container.volumes',
      'cpus',
      'env',
    ]);
    let group: unknown = { id: 'a', cmd: 'x' };
    for (let depth = 0; depth < 40; depth += 1) group = { id: `g${depth}`, groups: [group] };
    expect(translateTexts({ 'deep.json': text(group) })).toMatchObject({
      objects: [],
      unknowns: [{ code: 'document-too-large', place: { source: 'deep.json' } }],
    });
    const abyss = `{"id":"x","cmd":"y","env":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    expect(readManifestText({ source: 'a.json', text: abyss, inChart: false })).toMatchObject({
      documents: [],
      unknowns: [{ code: 'document-too-large' }],
    });
  });
});
