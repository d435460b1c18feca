import type { Container, JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { containerOf, objectOf, workloadOf } from '../../network/estate.fixture.ts';
import { simulate } from '../simulation/index.ts';
import { dangerOf, knownPath, normalPath } from './escape-paths.ts';
import { escapesOf } from './escapes.ts';
import { factsOf } from './facts.fixture.ts';
import { buildAttackGraph, nodeId } from './index.ts';

const security = (part: Partial<Container['security']>): Partial<Container> => ({
  security: { privileged: false, capabilitiesAdded: [], capabilitiesDropped: [], ...part },
});
const pod = (container: Partial<Container>, part: Partial<Workload> = {}) =>
  workloadOf('web', { containers: [containerOf(container)], ...part });
const mounting = (path: string, readOnly: boolean, container: Partial<Container> = {}) =>
  pod(
    { mounts: [{ volume: 'v', path: '/v', readOnly }], ...container },
    { volumes: [{ name: 'v', kind: 'hostPath', from: path }] },
  );
const phrases = (workload: Workload, context = {}) => escapesOf(workload, context).map(({ phrase }) => phrase);

/** The manifest behind a workload, with this pod spec. */
const manifest = (spec: JsonObject): ManifestObject =>
  objectOf('Deployment', 'web', { spec: { template: { spec } } }, 'default', 'apps/v1');
const edges = (workload: Workload, objects: ManifestObject[] = []) =>
  buildAttackGraph(factsOf(objects, [workload])).graph.edges.filter(
    ({ kind, from }) => kind === 'escape' && from === nodeId.workload(workload.id),
  );
const odds = (workload: Workload, objects: ManifestObject[] = []) =>
  1 - edges(workload, objects).reduce((stays, { probability }) => stays * (1 - probability), 1);

describe('ways from a container to its node', () => {
  it.each<[string, Workload, string]>([
    ['privileged', pod(security({ privileged: true })), 'runs privileged'],
    ...(
      [
        ['ALL', 'has every capability'],
        ['SYS_MODULE', 'may load kernel modules'],
        ['SYS_ADMIN', 'may mount file systems (SYS_ADMIN)'],
        ['SYS_RAWIO', 'may read and write the memory of the node (SYS_RAWIO)'],
        ['DAC_READ_SEARCH', 'may open files by handle (DAC_READ_SEARCH)'],
        ['BPF', 'may load programs into the kernel (BPF)'],
        ['PERFMON', 'may trace the kernel (PERFMON)'],
        ['SYS_PTRACE', 'may trace processes (SYS_PTRACE)'],
        ['NET_ADMIN', 'may change the network (NET_ADMIN)'],
        ['SYS_BOOT', 'may load another kernel (SYS_BOOT)'],
        ['SYSLOG', 'reads addresses of the kernel (SYSLOG)'],
      ] as const
    ).map(
      ([name, phrase]) => [name, pod(security({ capabilitiesAdded: [name] })), phrase] as [string, Workload, string],
    ),
    ['hostPID', pod({}, { hostPID: true }), 'sees the processes of its node'],
    ['hostIPC', pod({}, { hostIPC: true }), 'shares memory with processes of its node'],
    ['hostNetwork', pod({}, { hostNetwork: true }), 'reaches services of its node that listen locally'],
    ['procMount', pod(security({ procMount: 'Unmasked' })), 'sees all of /proc'],
    ['seccomp', pod(security({ seccompProfile: 'Unconfined' })), 'runs without a seccomp filter'],
    ['AppArmor', pod(security({ appArmorProfile: 'Unconfined' })), 'runs without AppArmor'],
    ['Docker', mounting('/var/run/docker.sock', true), 'mounts the container runtime socket'],
    ['containerd', mounting('/run/containerd/containerd.sock', true), 'mounts the container runtime socket'],
    ['k3s', mounting('/run/k3s/containerd/containerd.sock', true), 'mounts the container runtime socket'],
    ['CRI-O', mounting('/var/run/crio/crio.sock', false), 'mounts the container runtime socket'],
    ['NRI', mounting('/var/run/nri/nri.sock', true), 'mounts the plug-in socket of the container runtime (NRI)'],
    ['systemd', mounting('/run/dbus/system_bus_socket', true), 'mounts the socket of systemd'],
    [
      'the kubelet',
      mounting('/var/lib/kubelet/device-plugins/kubelet.sock', false),
      'mounts the kubelet’s socket for device plug-ins',
    ],
    ['the disk', mounting('/', false), 'writes the whole disk of its node'],
    ['the disk, to read', mounting('//', true), 'reads the whole disk of its node'],
    ['a device', mounting('/dev/nvme0n1', false), 'writes /dev/nvme0n1 of its node'],
    ['static pods', mounting('/etc/kubernetes/manifests', false), 'writes /etc/kubernetes/manifests of its node'],
    ['keys of the cluster', mounting('/etc/kubernetes/pki/', true), 'reads /etc/kubernetes/pki of its node'],
    ['tokens of all pods', mounting('/var/lib/kubelet/pods', true), 'reads /var/lib/kubelet/pods of its node'],
    ['a path with dots', mounting('/data/../etc/cron.d', false), 'writes /etc/cron.d of its node'],
  ])('%s: each has its words, what an attacker does with it, and what stops it', (_, workload, phrase) => {
    const [way, ...more] = escapesOf(workload);
    expect(more).toEqual([]);
    expect(way?.phrase).toBe(phrase);
    expect(way?.how).not.toBe('');
    expect(way?.mitigation).toMatch(/without|drop|Default|readOnly/);
  });

  it.each([
    ['an ordinary pod', pod({})],
    ['harmless capabilities', pod(security({ capabilitiesAdded: ['NET_BIND_SERVICE', 'CHOWN'] }))],
    ['a name of the node, to read', mounting('/etc/hostname', true)],
    ['certificates, to read', mounting('/etc/ssl/certs', true)],
    ['a folder that nobody knows, to read', mounting('/data/shop', true)],
    ['a volume that no container mounts', pod({}, { volumes: [{ name: 'v', kind: 'hostPath', from: '/' }] })],
  ])('there is none for %s', (_, workload) => {
    expect(escapesOf(workload)).toEqual([]);
  });

  it('by SELinux and by Windows are read from the spec as written, over what the pod says', () => {
    const container = { name: 'app', securityContext: { seLinuxOptions: { type: 'spc_t' } } };
    expect(phrases(pod({}), { spec: { containers: [container] } })).toEqual([
      'runs with the SELinux type spc_t, which confines nothing',
    ]);
    const free = { securityContext: { seLinuxOptions: { type: 'spc_t' } } };
    const own = { securityContext: { seLinuxOptions: { type: 'container_t' } } };
    expect(phrases(pod({}), { spec: { ...free, containers: [own] } })).toEqual([]);
    const windows = { windowsOptions: { hostProcess: true } };
    expect(phrases(pod({}), { spec: { securityContext: windows, containers: [{}] } })).toEqual([
      'runs as a process of its Windows node',
    ]);
  });

  it('lead through a claim whose volume is a path of the node', () => {
    const workload = pod(
      { mounts: [{ volume: 'v', path: '/v', readOnly: false }] },
      { volumes: [{ name: 'v', kind: 'persistentVolumeClaim', from: 'disk' }] },
    );
    const claim = objectOf('PersistentVolumeClaim', 'disk', { spec: { volumeName: 'root' } });
    const volume = (path: string) => objectOf('PersistentVolume', 'root', { spec: { hostPath: { path } } }, '');
    expect(edges(workload, [claim, volume('/etc')]).map(({ phrase }) => phrase)).toEqual([
      'writes /etc of its node, through claim disk',
    ]);
    expect(edges(workload, [claim, volume('/mnt/disks/1')])).toEqual([]);
  });

  it('lead through logs where its own token may read them', () => {
    const role = objectOf(
      'ClusterRole',
      'logs',
      { rules: [{ apiGroups: [''], resources: ['pods/log'], verbs: ['get'] }] },
      '',
    );
    const subjects = [{ kind: 'ServiceAccount', name: 'default', namespace: 'default' }];
    const binding = objectOf(
      'ClusterRoleBinding',
      'logs',
      { subjects, roleRef: { kind: 'ClusterRole', name: 'logs' } },
      '',
    );
    const logs = mounting('/var/log', false);
    expect(edges(logs)[0]?.probability).toBe(0.2);
    expect(edges(logs, [role, binding])[0]?.probability).toBe(0.8);
  });

  it('spell paths in one way', () => {
    expect(['/a//b/', '/a/./b', '/c/../a/b', 'a', ''].map(normalPath)).toEqual([
      '/a/b',
      '/a/b',
      '/a/b',
      undefined,
      undefined,
    ]);
    expect(knownPath('/var/run/containerd')).toBe('/run/containerd');
    expect(dangerOf('/rooted')).toBeUndefined();
  });
});

describe('what lowers a way to the node', () => {
  const admin = security({ capabilitiesAdded: ['SYS_ADMIN'] });
  const spec = (part: JsonObject) => manifest({ containers: [{ name: 'app' }], ...part });
  const runtime = (name: string, handler: string) => objectOf('RuntimeClass', name, { handler }, '', 'node.k8s.io/v1');

  it.each<[string, Workload, ManifestObject[]]>([
    ['a user namespace', pod(admin, { hostUsers: false }), []],
    ['a user that is not root', pod(security({ capabilitiesAdded: ['SYS_ADMIN'], runAsNonRoot: true })), []],
    ['seccomp', pod(security({ capabilitiesAdded: ['SYS_ADMIN'], seccompProfile: 'RuntimeDefault' })), []],
    ['AppArmor', pod(security({ capabilitiesAdded: ['SYS_ADMIN'], appArmorProfile: 'RuntimeDefault' })), []],
    ['a read-only root', pod(security({ capabilitiesAdded: ['SYS_ADMIN'], readOnlyRootFilesystem: true })), []],
    ['gVisor by its name', pod(admin), [spec({ runtimeClassName: 'gvisor' })]],
    ['Kata by its handler', pod(admin), [spec({ runtimeClassName: 'safe' }), runtime('safe', 'kata-qemu')]],
  ])('%s does', (_, workload, objects) => {
    expect(odds(workload, objects)).toBeLessThan(odds(pod(admin)));
    expect(edges(workload, objects)[0]?.reason.split('; ').length).toBeGreaterThan(2);
  });

  it('an ordinary runtime does not, and one that nobody describes leaves it open', () => {
    expect(odds(pod(admin), [spec({ runtimeClassName: 'plain' }), runtime('plain', 'runc')])).toBe(odds(pod(admin)));
    const [way] = edges(pod(admin), [spec({ runtimeClassName: 'mystery' })]);
    expect(way?.probability).toBe(odds(pod(admin)));
    expect(way?.range?.[0]).toBeCloseTo(0.08, 10);
  });

  it('keys of the cluster lie on its control-plane nodes, and seldom on workers', () => {
    const to = (workload: Workload) =>
      edges(workload).find((edge) => edge.to === nodeId.worker('default'))?.probability;
    expect(to(mounting('/var/lib/etcd', true))).toBeCloseTo(0.08, 10);
    expect(to(mounting('/etc/kubernetes', true))).toBeCloseTo(0.08, 10);
    expect(to(mounting('/etc/kubernetes', false))).toBeCloseTo(0.95, 10);
    const tolerating = manifest({ tolerations: [{ operator: 'Exists' }], containers: [{}] });
    const there = edges(mounting('/var/lib/etcd', true), [tolerating]).find(
      (edge) => edge.to === nodeId.controlPlaneNode('default'),
    );
    expect(there?.probability).toBeCloseTo(0.8 * 0.3, 10);
  });

  it('neither a user namespace nor a sandbox hides what is mounted', () => {
    const path = mounting('/etc', false);
    expect(odds({ ...path, hostUsers: false }, [spec({ runtimeClassName: 'gvisor' })])).toBe(odds(path));
  });
});

describe('flaws of nodes', () => {
  const node = (kernelVersion: string, containerRuntimeVersion = 'containerd://1.7.24', name = 'a') =>
    objectOf(
      'Node',
      name,
      { status: { nodeInfo: { kernelVersion, containerRuntimeVersion, operatingSystem: 'linux' } } },
      '',
    );
  const flaws = (objects: ManifestObject[], workload = pod({})) =>
    edges(workload, objects).map(({ id }) => id.split('|').at(-1));

  it.each([
    ['6.12.8', []],
    ['5.10.57', ['CVE-2022-0492', 'CVE-2022-0185', 'CVE-2022-0847', 'CVE-2024-1086']],
    ['5.15.133+', ['CVE-2024-1086']],
    ['6.1.75', ['CVE-2024-1086']],
    ['6.1.76', []],
    ['4.4.25', ['CVE-2016-5195', 'CVE-2021-22555', 'CVE-2022-0492', 'CVE-2024-1086']],
    ['not a version', undefined],
  ])('of kernel %s are told by the branch that mended them', (version, expected) => {
    const found = flaws([node(version)]);
    if (expected === undefined) expect(found.length).toBeGreaterThan(0);
    else expect(found.sort()).toEqual([...expected].sort());
  });

  it('are in doubt where a distribution numbers its kernel by itself', () => {
    const [cause] = edges(pod({}), [node('5.15.0-91-generic')]).flatMap(({ causes }) => causes);
    expect(cause?.localRange?.[0]).toBe(0);
    expect(cause?.localRange?.[1]).toBeGreaterThan(cause!.local);
  });

  it('need what they need: the node’s network, or a user namespace that seccomp refuses', () => {
    const old = node('6.12.8', 'containerd://1.4.1');
    expect(flaws([old])).toEqual([]);
    expect(flaws([old], pod({}, { hostNetwork: true }))).toContain('CVE-2020-15257');
    const local = (workload: Workload) =>
      edges(workload, [node('6.1.75')]).find(({ id }) => id.startsWith('node-flaw|'))?.causes[0]?.local ?? 0;
    const filtered = pod(security({ seccompProfile: 'RuntimeDefault' }));
    expect(local(filtered)).toBeLessThan(local(pod({})));
    expect(local(pod(security({ capabilitiesAdded: ['SYS_ADMIN'] })))).toBeGreaterThan(local(pod({})));
  });

  it('count by the share of nodes that have them, and not on Windows', () => {
    const local = (objects: ManifestObject[]) =>
      edges(pod({}), objects).find(({ id }) => id.endsWith('CVE-2022-0847'))?.causes[0]?.local ?? 0;
    expect(local([node('5.15.2'), node('6.12.8', undefined, 'b')])).toBeCloseTo(local([node('5.15.2')]) / 2, 10);
    const windows = objectOf(
      'Node',
      'w',
      { status: { nodeInfo: { kernelVersion: '5.10.1', operatingSystem: 'windows' } } },
      '',
    );
    expect(flaws([windows])).toEqual([]);
  });
});

describe('a way more', () => {
  const service = objectOf('Service', 'web', {
    spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80 }] },
  });
  const loss = (workload: Workload, objects: ManifestObject[] = []) =>
    simulate(buildAttackGraph(factsOf([service, ...objects], [workload, workloadOf('db')])).graph, { worlds: 4096 })
      .loss;

  it.each<[string, Workload, Workload]>([
    ['privileged', pod({}), pod(security({ privileged: true }))],
    ['a capability', pod({}), pod(security({ capabilitiesAdded: ['SYS_ADMIN'] }))],
    ['a path', pod({}), mounting('/etc', false)],
    ['writing it', mounting('/etc', true), mounting('/etc', false)],
    ['a namespace', pod({}), pod({}, { hostPID: true })],
    ['no filter', pod({}), pod(security({ seccompProfile: 'Unconfined' }))],
  ])('never lowers the loss, and one fewer never raises it: %s', (_, less, more) => {
    expect(loss(more)).toBeGreaterThanOrEqual(loss(less));
  });

  it('is a flawed kernel too', () => {
    const node = objectOf('Node', 'a', { status: { nodeInfo: { kernelVersion: '5.10.57' } } }, '');
    const sound = objectOf('Node', 'a', { status: { nodeInfo: { kernelVersion: '6.12.8' } } }, '');
    expect(loss(pod({}), [node])).toBeGreaterThan(loss(pod({}), [sound]));
  });
});
